//! Has the linker bind the library's calls of itself, as for the library beneath it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg=-Wl,-Bsymbolic");
}
