//! Reads which menu has which submenus and prints how deep each is.
use std::{collections::HashMap, thread, time::Duration};

fn depth(menu: &str, parts: &HashMap<String, Vec<String>>) -> usize {
    let mut path = [0u8; 256];
    path[..menu.len().min(256)].copy_from_slice(&menu.as_bytes()[..menu.len().min(256)]);
    let below = parts.get(menu).map_or(0, |subs| subs.iter().map(|sub| depth(sub, parts)).max().unwrap_or(0));
    below + 1 + (path[0] == 0) as usize
}

fn main() {
    println!("menus 1.4: no errors in the tables");
    let text = std::fs::read_to_string("/srv/menus/menus.txt").unwrap();
    let mut parts: HashMap<String, Vec<String>> = HashMap::new();
    for line in text.lines() {
        let (menu, sub) = line.split_once(' ').unwrap();
        parts.entry(menu.into()).or_default().push(sub.into());
    }
    for menu in ["breakfast", "lunch", "dinner"] {
        println!("menu {menu}: {} levels", depth(menu, &parts));
        thread::sleep(Duration::from_millis(300));
    }
    println!("all menus written");
}
