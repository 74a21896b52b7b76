vim.lsp.config("rust_analyzer", {
  settings = {
    ["rust-analyzer"] = {
      check = {
        overrideCommand = { "cargo", "run", "--quiet", "--", "check", "--format", "rustc", "{saved_file}" },
      },
      cargo = { targetDir = true },
    },
  },
})
