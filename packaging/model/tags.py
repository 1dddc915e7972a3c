"""Short phrases for pictures, found in their captions: what people type is short.

A word counts for a picture if two of its five English captions say it, against it if none does,
and neither way if one does. Of a colour with a word one caption is enough: few people name one.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# English word (and other forms): Chinese words, the commonest first.
LEXICON = """
dog dogs puppy: 狗 小狗 狗狗|cat cats kitten: 猫|horse horses: 马|bird birds: 鸟|cow cows: 牛
man men guy: 男人 男子|woman women lady: 女人 女子|boy boys: 男孩 小男孩|girl girls: 女孩 小女孩
child children kid kids toddler: 孩子 小孩 儿童|baby: 婴儿 宝宝|people crowd: 人群 很多人
family: 一家人|couple: 情侣 夫妻|team: 队伍|player players: 运动员 球员
grass lawn: 草地 草坪|beach: 海滩 沙滩|ocean sea waves: 大海 海边 海浪|snow snowy: 雪地 雪
mountain mountains: 山 高山|forest woods trees: 树林 森林|tree: 树|river stream creek: 河 小溪
lake: 湖|pool: 游泳池|water: 水 水里|rock rocks cliff: 岩石 悬崖|sand: 沙子|field: 田野 场地
street road sidewalk: 街道 马路 街上|city: 城市|building buildings: 建筑 楼房|bridge: 桥
stairs steps: 楼梯 台阶|fence: 栅栏|house: 房子|park playground: 公园 游乐场|flower flowers: 花 花朵
sunset: 日落 夕阳|sky: 天空|night: 夜晚 晚上|fire bonfire: 火 篝火|fountain: 喷泉|mud: 泥
car cars: 汽车 车|truck: 卡车|bus: 公交车|train: 火车|boat: 船|canoe kayak raft: 皮划艇 独木舟
bike bicycle: 自行车|motorcycle motorbike: 摩托车|skateboard skateboarder: 滑板
snowboard snowboarder: 单板滑雪|ski skier skiing: 滑雪|surfboard surfer surfing: 冲浪
soccer: 足球 踢足球|football: 橄榄球|basketball: 篮球 打篮球|baseball: 棒球|tennis: 网球
hockey: 曲棍球 冰球|volleyball: 排球|golf: 高尔夫|ball: 球|frisbee: 飞盘|stick: 棍子 树枝
toy toys: 玩具|swing: 秋千|slide: 滑梯|trampoline: 蹦床|rope: 绳子|tent: 帐篷|bench: 长椅
chair: 椅子|table: 桌子|bed: 床|couch sofa: 沙发|book: 书|guitar: 吉他|microphone: 麦克风 话筒
camera: 相机 照相机|phone: 手机 电话|computer laptop: 电脑|umbrella: 雨伞|flag: 旗子|sign: 标志牌
cake: 蛋糕|birthday: 生日 生日派对|wedding bride: 婚礼 新娘|party: 聚会 派对|costume: 化装服 戏服
parade: 游行|concert stage band: 音乐会 舞台 乐队|food eating meal: 食物 吃东西
drink drinking: 喝东西
ice: 冰|hat: 帽子|helmet: 头盔|sunglasses glasses: 眼镜 墨镜|shirt: 衬衫 上衣|t-shirt: T恤
jacket coat: 外套 夹克|dress: 裙子 连衣裙|pants jeans: 裤子|shorts: 短裤|uniform: 制服
swimsuit bikini: 泳衣|scarf: 围巾|backpack: 背包|bag: 包|shoes boots: 鞋子|wetsuit: 潜水服
running runs run: 奔跑 跑步|jumping jumps jump: 跳跃 跳起来|swimming swims swim: 游泳
climbing climbs climbing climber: 攀岩 攀登|dancing dance: 跳舞|sleeping sleeps: 睡觉
smiling smiles: 微笑 笑|laughing: 大笑|playing plays play: 玩耍|sitting sits: 坐着
standing stands: 站着|walking walks: 走路 散步|riding rides: 骑|fishing: 钓鱼|kissing: 亲吻
hugging: 拥抱|crying: 哭|reading reads: 看书|singing sings: 唱歌|racing race: 比赛
greyhound greyhounds: 灰狗|bubbles: 泡泡|balloon balloons: 气球|window: 窗户|door: 门|leaves: 树叶
""".strip()

COLOURS = {
    "red": "红色", "blue": "蓝色", "black": "黑色", "white": "白色", "green": "绿色",
    "yellow": "黄色", "pink": "粉色", "orange": "橙色", "purple": "紫色", "brown": "棕色",
    "gray": "灰色",
}  # fmt: skip
# What is worn and ridden, and animals: what a colour is said of.
_COLOURED = frozenset(
    {
        "dog", "cat", "horse", "bird", "car", "truck", "bus", "boat", "bike", "motorcycle", "ball",
        "frisbee", "hat", "helmet", "shirt", "t-shirt", "jacket", "dress", "pants", "shorts",
        "uniform", "swimsuit", "umbrella", "backpack", "flower", "toy", "balloons", "kayak",
        "canoe", "coat", "building", "flag",
    }
)  # fmt: skip
_CLOTHES = (
    "shirts?", "t-shirt", "jackets?", "coat", "dress", "sweater", "hoodie", "vest", "uniform",
    "top", "blouse", "suit",
)  # fmt: skip
_LEAST = 12  # pictures that show it; with fewer a tag is learned by heart


@dataclass(frozen=True, slots=True)
class Tag:
    """A thing with the phrases for it in both languages."""

    name: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags, and for each picture and tag 1, 0 (unsure) or -1 (it does not show it), int8."""

    tags: tuple[Tag, ...]
    shown: NDArray[np.int8]


def _entries() -> list[tuple[list[str], list[str]]]:
    found = []
    for line in LEXICON.replace("\n", "|").split("|"):
        english, _, chinese = line.partition(":")
        found.append((english.split(), chinese.split()))
    return found


def _patterns() -> list[tuple[Tag, re.Pattern[str], int]]:
    """Give tags, what they are found by, and how many captions must say so."""
    found = []
    for colour, name in COLOURS.items():
        chinese = (f"穿{name}衣服的人", f"{name}的衣服", f"{name}衣服")
        english = (f"person in {colour}", f"{colour} clothes", f"someone wearing {colour}")
        pattern = rf"\b{_spelled(colour)}(?: \w+)? (?:{'|'.join(_CLOTHES)})\b|\bin {colour}\b"
        found.append((Tag(f"in {colour}", chinese, english), _compiled(pattern), 1))
    for english, chinese in _entries():
        words = "|".join(map(re.escape, english))
        tag = Tag(english[0], tuple(chinese), tuple(english[:2]))
        found.append((tag, _compiled(rf"\b(?:{words})\b"), 2))
        if english[0] not in _COLOURED:
            continue
        for colour, name in COLOURS.items():
            phrases = tuple(f"{name}的{word}" for word in chinese)
            both = Tag(f"{colour} {english[0]}", phrases, (f"{colour} {english[0]}",))
            pattern = rf"\b{_spelled(colour)}(?: \w+)? (?:{words})\b"
            found.append((both, _compiled(pattern), 1))
    return found


def _spelled(colour: str) -> str:
    return "gr[ae]y" if colour == "gray" else colour


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def find_tags(captions: list[list[str]]) -> Tagged:
    """Find what pictures show in their English captions, given for each picture.

    Which tags there are is counted over all pictures; what shows them is told only of those
    that are learned from.
    """
    tags, columns = [], []
    for tag, pattern, enough in _patterns():
        said = np.array([sum(bool(pattern.search(each)) for each in five) for five in captions])
        if (said >= enough).sum() >= _LEAST:
            tags.append(tag)
            columns.append(np.where(said >= enough, 1, np.where(said == 0, -1, 0)))
    return Tagged(tuple(tags), np.stack(columns, axis=1).astype(np.int8))
