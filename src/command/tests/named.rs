//! Commands by their name, in every spelling.

use super::{By, check, read};
use crate::model::Role;

#[test]
fn a_worker_types_command_words_with_numbers() {
    check(
        Role::Worker,
        By::Group,
        &[
            ("接单 5", "accept 5"),
            ("接单5号", "accept 5"),
            ("接单#105", "accept 105"),
            ("接单：0031", "accept 31"),
            ("接单 第六单", "accept 6"),
            ("接单了 41", "accept 41"),
            ("5 接单", "accept 5"),
            ("5号单接单", "accept 5"),
            ("我接单 19", "accept 19"),
            ("＠小助手 接单 ８８", "accept 88"),
            ("@小助手接单88", "accept 88"),
            ("小助手，接单 88", "accept 88"),
            ("请接单 e-20261118-0005", "accept E-20261118-0005"),
            ("接单 20261118-0005", "accept E-20261118-0005"),
            ("領單 6", "accept 6"),
        ],
    );
}

#[test]
fn a_worker_finishes_puts_off_and_passes_on_by_name() {
    check(
        Role::Worker,
        By::Group,
        &[
            ("退单 6 不在我们网格", "hand_back 6"),
            ("申请退单 6", "hand_back 6"),
            ("6 退单，应该找物业", "hand_back 6"),
            ("退单 不是我的片区", "hand_back"),
            ("【退单】第6单", "hand_back 6"),
            ("办结 77 灯已换", "resolve 77"),
            ("办结77", "resolve 77"),
            ("已办结 77", "resolve 77"),
            ("77 办结 换了个水龙头", "resolve 77"),
            ("办结，77号，换了2个灯泡", "resolve 77"),
            ("#77 办结", "resolve 77"),
            ("销号 77", "resolve 77"),
            (
                "挂账 4 到 11月30日 等厂家发货",
                "suspend 4 until=2026-11-30",
            ),
            ("挂账4到下周四", "suspend 4 until=2026-11-26"),
            ("挂帐 4 等批复", "suspend 4"),
            ("4 挂账 到月底", "suspend 4 until=2026-11-30"),
            ("挂账 4 一个星期", "suspend 4 until=一个星期"),
            ("申请挂账 4 到12/3", "suspend 4 until=2026-12-03"),
            ("延期 4 三天", "extend 4 until=三天"),
            ("延期4两天 人手不够", "extend 4 until=两天"),
            ("4号延期到周日", "extend 4 until=2026-11-22"),
            ("延期 4 到后天", "extend 4 until=2026-11-22"),
            ("申请延期 4 48小时", "extend 4 until=48小时"),
            ("延期 4 2个工作日 等配件", "extend 4 until=2个工作日"),
            ("延期4，半个月，要开会", "extend 4 until=半个月"),
            ("转派 4 给周姐", "transfer 4 to=周姐"),
            ("转派4给老陈", "transfer 4 to=老陈"),
            ("转派 4 @陈师傅", "transfer 4 to=陈师傅"),
            ("转派 4 陈师傅 他离得近", "transfer 4 to=陈师傅"),
            ("把4转派给周姐", "transfer 4 to=周姐"),
            ("4转给周姐处理", "transfer 4 to=周姐"),
            ("4 转派 周姐", "transfer 4 to=周姐"),
            ("转办 4 城管", "transfer 4 to=城管"),
            ("并案 4 到 3", "merge 4 to=3"),
            ("并案 4 3", "merge 4 to=3"),
            ("并案4号到3号", "merge 4 to=3"),
            ("把4并到3", "merge 4 to=3"),
            ("4并案到#3", "merge 4 to=3"),
            ("合并 4 和 3", "merge 4 to=3"),
            (
                "并案 E-20261119-0004 到 E-20261119-0003",
                "merge E-20261119-0004 to=E-20261119-0003",
            ),
            ("改类别 4 噪音扰民", "recategorise 4 to=噪音扰民"),
            ("改类别 4 为 噪音扰民", "recategorise 4 to=噪音扰民"),
            ("4 改类别 电梯", "recategorise 4 to=电梯"),
            ("改类别4成电梯类", "recategorise 4 to=电梯"),
            ("查询 4", "query 4"),
            ("4查询", "query 4"),
            ("查一下 4", "query 4"),
            ("我的", "mine"),
            ("我的工单", "mine"),
            ("我的单子", "mine"),
            ("帮助", "help"),
            ("@小助手 帮助", "help"),
            ("作废 4 重复了", "void 4 refused"),
            ("督办 4", "supervise 4 refused"),
        ],
    );
}

#[test]
fn staff_type_what_only_they_may() {
    check(
        Role::Staff,
        By::Work,
        &[
            ("确认 4", "confirm 4"),
            ("4 确认", "confirm 4"),
            ("作废 4 测试", "void 4"),
            ("核查 4 现场没问题", "verify 4"),
            ("核查通过 4", "verify 4"),
            ("核查不通过 4 墙还是湿的", "rework 4"),
            ("返工 4 没擦干净", "rework 4"),
            ("同意 4", "approve 4"),
            ("同意延期 4", "approve 4"),
            ("吹哨 4 请街道牵头", "escalate 4"),
            ("督办 4", "supervise 4"),
            ("督办#4 今天必须有结果", "supervise 4"),
            ("接单 4", "accept 4"),
            ("办结 4", "resolve 4"),
            ("停止发言", "stop_bot refused"),
            ("催办 4", "urge 4 refused"),
        ],
    );
    check(
        Role::Admin,
        By::Group,
        &[
            ("停止发言", "stop_bot"),
            ("恢复发言", "start_bot"),
            ("@小助手 停止发言", "stop_bot"),
            ("小助手 恢复发言", "start_bot"),
            ("小助手安静一下", "stop_bot"),
            ("@小助手 可以说话了", "start_bot"),
            ("@小助手 先休息会儿", "stop_bot"),
            ("@小助手 继续", "start_bot"),
            ("作废 #14", "void 14"),
            ("吹哨14", "escalate 14"),
        ],
    );
}

#[test]
fn a_resident_typing_an_order_is_understood_and_refused() {
    check(
        Role::Resident,
        By::Group,
        &[
            ("接单 7", "accept 7 refused"),
            ("办结 7", "resolve 7"),
            ("退单 #7", "hand_back 7 refused"),
            ("转派 7 给老陈", "transfer 7 to=老陈 refused"),
            ("作废 7", "void 7 refused"),
            ("督办 7", "supervise 7 refused"),
            ("@小助手 停止发言", "stop_bot refused"),
            ("查询 7", "query 7"),
            ("查询7号", "query 7"),
            ("催办 7", "urge 7"),
            ("催办#7", "urge 7"),
            ("满意 7", "satisfied 7"),
            ("7 不满意", "dissatisfied 7"),
            ("7 满意", "satisfied 7"),
            ("@小助手 帮助", "help"),
            ("@小助手 我的", "mine refused"),
            ("好了 7", "resolve 7"),
            ("7好了", "resolve 7"),
            ("查询", "-"),
            ("满意", "-"),
            ("帮助", "-"),
        ],
    );
}

#[test]
fn a_typed_number_beats_the_quoted_card() {
    check(
        Role::Worker,
        By::Card,
        &[
            ("接单", "accept"),
            ("接单 9", "accept 9"),
            ("办结 9 换好了", "resolve 9"),
            ("退单 第9单", "hand_back 9"),
            ("办结 换了2个灯泡", "resolve"),
            ("办结 3栋2单元的灯换了", "resolve"),
            ("延期 25号", "extend until=2026-11-25"),
            ("延期到25号", "extend until=2026-11-25"),
            ("挂账 到 12月5日 等定制门", "suspend until=2026-12-05"),
            ("转派 @周姐", "transfer to=周姐"),
            ("转派给周姐", "transfer to=周姐"),
            ("并案到 9", "merge to=9"),
            ("并到9", "merge to=9"),
            ("改类别 电梯", "recategorise to=电梯"),
        ],
    );
}

#[test]
fn the_reason_is_what_the_worker_wrote() {
    for (text, reason) in [
        ("办结 7 换了水管，已试压", Some("换了水管，已试压")),
        ("退单 7", None),
        ("退单#7：不属于ＡＢ网格", Some("不属于ＡＢ网格")),
        ("延期 7 两天 等天晴", Some("等天晴")),
        ("挂账 7 到 12月1日 等配件", Some("等配件")),
    ] {
        let got = read(Role::Worker, By::Work, text)
            .expect("a command")
            .reason;
        assert_eq!(got.as_deref(), reason, "{text}");
    }
}
