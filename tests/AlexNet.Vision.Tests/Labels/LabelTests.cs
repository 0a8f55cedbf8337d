using System.Text;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests;

/// <summary>Label files of every kind, and what is wrong with them by file and line.</summary>
public class LabelTests
{
    private static readonly string[] Three = ["tench, Tinca tinca", "goldfish", "great white shark"];

    [Test]
    public void ImageNetsNamesAreBuiltIn()
    {
        Assert.That(Labels.ImageNet, Has.Count.EqualTo(1000));
        Assert.That(Labels.ImageNet[0], Is.EqualTo("tench, Tinca tinca"));
        Assert.That(Labels.ImageNet[340], Is.EqualTo("zebra"));
        Assert.That(Labels.ImageNet[355], Is.EqualTo("llama"));
        Assert.That(Labels.ImageNet[150], Is.EqualTo("sea lion"));
        Assert.That(Labels.ImageNet[999], Does.StartWith("toilet tissue"));
        Assert.That(Labels.ImageNet, Has.All.Not.Empty.And.All.Matches<string>(name => name?.Trim() == name));
    }

    [TestCase("tench, Tinca tinca\ngoldfish\ngreat white shark", TestName = "a name a line")]
    [TestCase("\uFEFFtench, Tinca tinca\r\ngoldfish \r\ngreat white shark\r\n\r\n\n", TestName = "a name a line, Windows")]
    [TestCase("n01440764 tench, Tinca tinca\nn01443537\tgoldfish\nn01484850 great white shark\n", TestName = "synsets")]
    [TestCase("class_names = '''tench, Tinca tinca\ngoldfish\ngreat white shark'''.split(\"\\n\")\n", TestName = "the article's file")]
    [TestCase("# names\nclass_names = '''\ntench, Tinca tinca\r\ngoldfish\ngreat white shark\n'''.strip().splitlines()", TestName = "text of lines")]
    [TestCase("names = [\n  'tench, Tinca tinca', # the first\n  \"gold\"\n  \"fish\", u'great white shark',\n]\n", TestName = "list")]
    [TestCase("{0: 'tench, Tinca tinca',\n 2: 'great white shark',\n 1: 'goldfish'}", TestName = "dictionary from number")]
    [TestCase("{\"great white shark\": 2, \"tench, Tinca tinca\": 0, \"goldfish\": 1}", TestName = "dictionary from name")]
    [TestCase("{\"0\": [\"n01440764\", \"tench, Tinca tinca\"], \"1\": [\"n01443537\", \"goldfish\"], \"2\": [\"n01484850\", \"great white shark\"]}", TestName = "JSON with identifiers")]
    [TestCase("[\"\\u0074ench, Tinca\\x20tinca\", 'goldfish', 'great white \\\nshark']", TestName = "escapes")]
    public void ReadsEveryKind(string content) => Assert.That(Load(content), Is.EqualTo(Three));

    [Test]
    public void KeepsIdentifiers()
    {
        Assert.That(Load("n01440764 tench\nn01443537 goldfish").Synsets, Is.EqualTo(new[] { "n01440764", "n01443537" }));
        Assert.That(Load("{\"0\": [\"n01440764\", \"tench\"]}").Synsets, Is.EqualTo(new[] { "n01440764" }));
        Assert.That(Load("n01440764\nn01443537"), Is.EqualTo(new[] { "n01440764", "n01443537" }));
        Assert.That(Load("tench\ngoldfish").Synsets, Is.Null);
    }

    [Test]
    public void NamesMayBeInAnyLanguage() => Assert.That(Load("Löwe\n斑马\n'hood\n(none)\n#1"), Is.EqualTo(new[] { "Löwe", "斑马", "'hood", "(none)", "#1" }));

    [TestCase("", 1, "no name")]
    [TestCase("\n\n", 1, "no name")]
    [TestCase("a\n\nb", 2, "blank; it would be the name of class 1")]
    [TestCase("n01440764 tench\ngoldfish", 2, "identifier")]
    [TestCase("x = '''a\n\nb'''", 2, "blank")]
    [TestCase("x = '''\na\n\nb'''", 3, "blank")]
    [TestCase("[]", 1, "no names")]
    [TestCase("['a',\n''\n]", 2, "class 1 has no name")]
    [TestCase("['a',\n 7]", 2, "class 1 has no name")]
    [TestCase("['a'\n 'b", 2, "no closing '")]
    [TestCase("['a',\n 'b'", 2, "ends before the closing ']'")]
    [TestCase("['a' :", 1, "',' or ']'")]
    [TestCase("{0: 'a',\n 2: 'b'}", 2, "class 2 is outside 0 to 1")]
    [TestCase("{0: 'a',\n 0: 'b'}", 2, "named before, on line 1")]
    [TestCase("{0: 'a',\n 'x': 'b'}", 2, "class number")]
    [TestCase("{0: 'a',\n -1: 'b'}", 2, "outside")]
    [TestCase("{0 'a'}", 1, "':' is missing")]
    [TestCase("[open('x')]", 1, "name in quotes")]
    [TestCase("x = '''a\nb'''.format(1)", 2, ".format(1)")]
    [TestCase("x = ['a']\ny = ['b']", 2, "follows the labels")]
    [TestCase("['\\q']", 1, "escape")]
    [TestCase("['\\x4']", 1, "character code")]
    [TestCase("[[[[[[[[1]]]]]]]]", 1, "nested")]
    [TestCase("{1: ", 1, "ends where")]
    [TestCase("a\nb\0c", 2, "UTF-8")]
    public void WhatIsWrongIsNamedByFileAndLine(string content, int line, string problem)
    {
        LabelFileException? error = Assert.Throws<LabelFileException>(() => Load(content));
        Assert.That(error!.Message, Does.Contain($"labels.any:{line}: ").And.Contain(problem));
        Assert.That(error.Line, Is.EqualTo(line));
    }

    [Test]
    public void AnotherEncodingIsRefused()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "latin1.txt");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("cat\nLöwe"));
        Assert.That(Assert.Throws<LabelFileException>(() => Labels.Load(path))!.Message, Does.Contain("latin1.txt:2: ").And.Contain("UTF-8"));
    }

    [Test]
    public void AHostileFileEndsQuickly()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 100_000));
        Assert.That(() => Load(deep), Throws.TypeOf<LabelFileException>());
        string blanks = new string(' ', 200_000) + "x";
        Assert.That(Load(blanks), Is.EqualTo(new[] { "x" }));
        string comments = string.Concat(Enumerable.Repeat("#\n", 100_000)) + "x";
        Assert.That(Load(comments), Has.Count.EqualTo(100_001));
    }

    [Test]
    public void AProgramsNamesMustBeNames()
    {
        Assert.That(new Labels(["cat", "dog"]), Is.EqualTo(new[] { "cat", "dog" }));
        Assert.That(Assert.Throws<AlexNetException>(() => _ = new Labels([]))!.Message, Does.Contain("at least one"));
        Assert.That(Assert.Throws<AlexNetException>(() => _ = new Labels(["cat", " "]))!.Message, Does.Contain("Label 1 of 2"));
    }

    private static Labels Load(string content)
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "labels.any");
        File.WriteAllText(path, content, new UTF8Encoding(false));
        return Labels.Load(path);
    }
}
