pub fn calls() {
    let _calls = vec![
        async { 1 },
        async { 2 },
    ];
}
