//! The help of every command, found by asking each for its subcommands.

use super::Desk;

#[test]
fn every_command_explains_itself() {
    let desk = Desk::new();
    let mut waiting = vec![Vec::<String>::new()];
    let mut seen = 0;
    while let Some(command) = waiting.pop() {
        let args: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let ran = desk.run(&args);
        assert_eq!((ran.code, ran.talk.as_str()), (0, ""), "{command:?}");
        for name in subcommands(&ran.out) {
            waiting.push(command.iter().cloned().chain([name]).collect());
        }
        let name = ["mingzheng".to_owned()].into_iter().chain(command).collect::<Vec<_>>();
        insta::assert_snapshot!(name.join("_"), ran.out);
        seen += 1;
    }
    assert!(seen >= 25, "only {seen} commands were found");
}

/// The names in the list of commands that a help text has.
fn subcommands(help: &str) -> Vec<String> {
    let list = help.split_once("\nCommands:\n").map(|(_, rest)| rest).unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}
