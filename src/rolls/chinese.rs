//! What is wrong with a file or a row, in Chinese: the words of a page, beside the English of
//! [`error`](super::error). A new fault that has none does not compile.

use super::{
    Fault, NotARoll, Reason, RollError, RollKind, Source,
    import::{ImportError, Why},
};
use crate::value::Lang;

impl Source {
    const fn in_chinese(self) -> &'static str {
        match self {
            Self::Title => "标题",
            Self::SheetName => "工作表名",
            Self::FileName => "文件名",
        }
    }
}

impl RollError {
    /// Why a file was not read, and what to do, in Chinese.
    #[must_use]
    pub fn in_chinese(&self) -> String {
        match self {
            Self::FileTooLarge { bytes, limit } => {
                format!("文件有 {bytes} 字节，超过 {limit}；请拆分")
            }
            Self::TooManyRows { limit } => format!("超过 {limit} 行；请拆分文件"),
            Self::TooManyColumns { limit } => {
                format!("第 {limit} 列右边还有内容；这不是名册")
            }
            Self::TooManyCells { limit } => format!("超过 {limit} 个单元格；请拆分文件"),
            Self::TooMuchText { limit } => {
                format!("一张工作表的文字超过 {limit} 字节；请拆分文件")
            }
            Self::CellTooLong { row, limit } => {
                format!("第 {row} 行有单元格超过 {limit} 字节；请检查是否有引号没有关闭")
            }
            Self::Undecodable => {
                "文字既不是 UTF-8 也不是 GB18030；请另存为 UTF-8 或工作簿".to_owned()
            }
            Self::UnclosedQuote { row } => format!("第 {row} 行有引号没有关闭"),
            Self::Markup => "文件是网页，不是工作簿；请打开后另存为 .xlsx".to_owned(),
            Self::Broken => "工作簿损坏或格式不明；请打开后另存为 .xlsx".to_owned(),
            Self::Locked => "工作簿有密码；请另存为没有密码的文件".to_owned(),
            Self::Empty => "文件是空的".to_owned(),
            Self::NotARoll(NotARoll::Labels) => "这是核对结果用的标签，不是名册".to_owned(),
            Self::NotARoll(NotARoll::RejectedRows) => "这是某次导入退回的行，不是名册".to_owned(),
            Self::NoHeader => "前几行没有任何名册的表头；请写明名册种类".to_owned(),
            Self::HintDoesNotFit { kind, missing } => format!(
                "表头不是{}的；没有找到{}",
                kind.title(Lang::Zh),
                list(missing, ToString::to_string)
            ),
            Self::ColumnTwice { column } => {
                format!("有两个表头都是“{column}”；请删去或改名")
            }
            Self::KindUndecided { candidates } => {
                let kinds = list(candidates, |kind: &RollKind| kind.title(Lang::Zh));
                format!("可能是{kinds}；请写明名册种类")
            }
            Self::KindDisagrees { source_named } => {
                format!("{}说的是另一种名册；请写明名册种类", source_named.in_chinese())
            }
            Self::MonthUndecided => "从标题和文件名看不出月份；请填写月份".to_owned(),
            Self::MonthDisagrees { source_named } => {
                format!("{}说的是另一个月份；请填写月份", source_named.in_chinese())
            }
            Self::MonthContradicted { hint } => {
                format!("填写的月份是{hint}，标题或文件名说的是另一个；请改正有误的一处")
            }
            Self::YearUndecided => "从标题和文件名看不出年度；请填写该年的任一月份".to_owned(),
            Self::SheetsDiffer { .. } => {
                "工作簿里有不同种类或月份的名册；请各存为一个文件".to_owned()
            }
        }
    }
}

impl Fault {
    /// The column and what is wrong with it, in Chinese.
    #[must_use]
    pub fn in_chinese(&self) -> String {
        let reason = match self.reason {
            Reason::Blank => "空白",
            Reason::Unreadable => "无法识别",
            Reason::DigitsLost => "末尾数字已被 Excel 丢失",
            Reason::Merged => "是跨多行合并的单元格",
            Reason::Contradicts => "与本行其他内容矛盾",
        };
        format!("“{}”{reason}", self.column)
    }
}

impl Why {
    /// Why a row did not become an event, in Chinese.
    #[must_use]
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Cell(fault) => fault.in_chinese(),
            Self::DemoNumber => "以 99 开头的公民身份号码只用于演示账本".to_owned(),
            Self::NotClear(column) => {
                format!("“{column}”太长或含有长号码，不得以明文保存")
            }
            Self::NobodyNamed => "没有公民身份号码，账号也不能确定是本名册的哪一笔发放".to_owned(),
            Self::NotOnLedger => "账本上没有这个公民身份号码的人；请先导入名册".to_owned(),
            Self::NotPlaced => "此人当天没有安置记录；请先导入安置名册".to_owned(),
            Self::NoHousehold => "账本上没有这一户；请先导入住户名册".to_owned(),
            Self::OtherHousehold => "此人不在该户号的户内；请改正其一，或先更正住户".to_owned(),
            Self::Future(column) => format!("“{column}”在将来"),
            Self::Erased => "没有公民身份号码，该笔发放的号码已不能读取".to_owned(),
        }
    }
}

impl ImportError {
    /// Why a roll was not taken, in Chinese; none where it is a fault of the machine.
    #[must_use]
    pub fn in_chinese(&self) -> Option<String> {
        Some(match self {
            Self::Refused(rejection) => rejection.message_zh.clone(),
            Self::NotAList { kind } => {
                format!("{}不是完整名单；请不要按完整名单提交", kind.title(Lang::Zh))
            }
            Self::NotAPayroll { kind } => format!("{}不发放资金，无需核查", kind.title(Lang::Zh)),
            Self::CompleteWithRejected { rows } => {
                format!("有 {rows} 行无法识别，不能判断名单缺了谁；请先改正")
            }
            Self::RateRejected { row, why } => {
                format!("第 {row} 行：{}；补贴标准只能整体发布", why.in_chinese())
            }
            _ => return None,
        })
    }
}

fn list<T>(items: &[T], name: impl Fn(&T) -> String) -> String {
    items.iter().map(name).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rolls::Column;

    #[test]
    fn a_fault_names_its_column_and_a_file_its_way_out() {
        let fault = Fault { column: Column::Amount, reason: Reason::Blank };
        assert_eq!(Why::Cell(fault).in_chinese(), format!("“{}”空白", Column::Amount));
        let undecided =
            RollError::KindUndecided { candidates: vec![RollKind::Dibao, RollKind::Orphan] };
        assert_eq!(undecided.in_chinese(), "可能是低保对象名册、孤儿保障名册；请写明名册种类");
        let refused = ImportError::NotAPayroll { kind: RollKind::Deaths };
        assert_eq!(refused.in_chinese().unwrap(), "死亡人员名单不发放资金，无需核查");
    }
}
