//! Common surnames and given characters, villages and townships that exist nowhere.

/// Surnames, by how many of a hundred bearers of these surnames have them.
pub(super) const SURNAMES: &[(u32, &str)] = &[
    (11, "王"),
    (11, "李"),
    (10, "张"),
    (8, "刘"),
    (7, "陈"),
    (6, "杨"),
    (5, "赵"),
    (4, "黄"),
    (4, "周"),
    (4, "吴"),
    (4, "徐"),
    (4, "孙"),
    (3, "胡"),
    (3, "朱"),
    (3, "高"),
    (3, "林"),
    (2, "何"),
    (2, "郭"),
    (2, "马"),
    (2, "罗"),
    (1, "欧阳"),
    (1, "上官"),
];

/// Given characters of women.
pub(super) const FEMALE: &[&str] = &[
    "秀", "英", "兰", "芳", "玉", "桂", "珍", "梅", "敏", "静", "丽", "霞", "红", "云", "凤", "娟",
    "琴", "莲", "慧", "雪",
];

/// Given characters of men.
pub(super) const MALE: &[&str] = &[
    "伟", "强", "军", "建", "国", "平", "明", "勇", "志", "华", "海", "林", "宏", "峰", "杰", "涛",
    "超", "东", "波", "辉",
];

/// Townships of the county, none of a real one's name.
pub(super) const TOWNSHIPS: &[&str] = &["示范一镇", "示范二镇", "示范三乡", "示范四街道"];

/// First characters of villages.
pub(super) const VILLAGE_FIRST: &[&str] =
    &["大", "小", "东", "西", "南", "北", "上", "下", "前", "后"];

/// Second characters of villages.
pub(super) const VILLAGE_SECOND: &[&str] = &["河", "桥", "岗", "庄", "楼", "寨", "湾", "店"];
