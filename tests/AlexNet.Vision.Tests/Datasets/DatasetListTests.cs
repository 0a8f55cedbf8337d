using System.Text;
using AlexNetTF.Datasets;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Datasets;

/// <summary>The article's list file: how lines are read, where pictures are looked for, what is refused.</summary>
public class DatasetListTests
{
    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("a.jpg 3", "a.jpg", "3")]
    [TestCase("my dog 7.jpg 3", "my dog 7.jpg", "3")]
    [TestCase("a.jpg\t 3", "a.jpg", "3")]
    [TestCase("\"a b.jpg\" 3", "a b.jpg", "3")]
    [TestCase("\"a .jpg\"  3", "a .jpg", "3")]
    [TestCase("a b.jpg \"t-shirt, top\"", "a b.jpg", "t-shirt, top")]
    [TestCase("\"a b.jpg\" \"t-shirt, top\"", "a b.jpg", "t-shirt, top")]
    [TestCase("a\"b.jpg 3", "a\"b.jpg", "3")]
    public void ALineIsSplitAtTheLastWhiteSpace(string line, string path, string label) =>
        Assert.That(DatasetList.Split(line), Is.EqualTo((path, label)));

    [TestCase("a.jpg")]
    [TestCase("\"a b.jpg\"")]
    [TestCase("\"a b.jpg 3")]
    [TestCase("\"a\"b.jpg 3")]
    [TestCase("\"\" 3")]
    [TestCase("a.jpg \"\"")]
    [TestCase("\"")]
    public void ALineWithoutBothIsNone(string line) => Assert.That(DatasetList.Split(line), Is.Null);

    [Test]
    public void ByteOrderMarkLineEndsBlankLinesAndCommentsAreNoContent()
    {
        Pictures.Number(folder["my dog.bmp"], 0);
        Pictures.Number(folder["sub/ä #1.bmp"], 1);
        File.WriteAllText(folder["list.txt"], "# pictures\r\nmy dog.bmp 1\r\n\r\n  sub/ä #1.bmp\t0  \r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        ImageDataset data = ImageDataset.FromList(folder["list.txt"]);
        Assert.That(data.Items, Is.EqualTo(new DatasetItem[] { new(Path.Join(folder.Path, "my dog.bmp"), 1), new(Path.Join(folder.Path, "sub/ä #1.bmp"), 0) }));
        Assert.That(data.Classes, Is.EqualTo(2));
        Assert.That(data.Labels, Is.EqualTo(new[] { "0", "1" }));
        Assert.That((data.CountOf(0), data.CountOf(1), data.Count), Is.EqualTo((1, 1, 2)));
    }

    [Test]
    public void APathIsRelativeToTheListOrToTheWorkingFolderAndMayHaveWindowsSlashes()
    {
        string beside = Path.GetRelativePath(Environment.CurrentDirectory, Pictures.Number(folder["pictures/0.bmp"], 0));
        Pictures.Number(folder["lists/deep/1.bmp"], 1);
        File.WriteAllLines(folder["lists/list.txt"], [$"{beside} 0", "deep\\1.bmp 0", $"{folder["pictures/0.bmp"]} 0"]);
        ImageDataset data = ImageDataset.FromList(folder["lists/list.txt"]);
        Assert.That(data.Items.Select(item => Path.GetFullPath(item.Path)), Is.EqualTo(new[] { folder["pictures/0.bmp"], folder["lists/deep/1.bmp"], folder["pictures/0.bmp"] }));
    }

    [Test]
    public void WithLabelsALabelMayBeANameAndANameWinsOverANumber()
    {
        Pictures.Number(folder["a.bmp"], 0);
        File.WriteAllLines(folder["list.txt"], ["a.bmp zebra", "a.bmp 0", "a.bmp \"sea lion\"", "a.bmp 1"]);
        ImageDataset data = ImageDataset.FromList(folder["list.txt"], labels: new(["1", "sea lion", "zebra"]));
        Assert.That(data.Items.Select(item => item.Label), Is.EqualTo(new[] { 2, 0, 1, 0 }));
    }

    [Test]
    public void AllProblemsAreReportedTogether()
    {
        Pictures.Number(folder["good.bmp"], 0);
        File.WriteAllText(folder["text.jpg"], "no picture");
        File.WriteAllBytes(folder["empty.png"], []);
        File.WriteAllBytes(folder["cut.bmp"], Pictures.Bmp(9, 9, (_, _) => 1)[..70]);
        File.WriteAllLines(folder["list.txt"], ["good.bmp 0", "missing.bmp 1", "text.jpg 1", "good.bmp", "good.bmp 7", "good.bmp -1", "good.bmp cat", "empty.png 0", "cut.bmp 0", "missing.bmp 99999999999"]);
        DatasetException error = Assert.Throws<DatasetException>(() => ImageDataset.FromList(folder["list.txt"], classes: 7))!;
        (DatasetProblemKind, int?)[] expected =
        [
            (DatasetProblemKind.MissingFile, 2), (DatasetProblemKind.UnreadableFile, 3), (DatasetProblemKind.UnparsableLine, 4),
            (DatasetProblemKind.LabelOutOfRange, 5), (DatasetProblemKind.LabelOutOfRange, 6), (DatasetProblemKind.UnknownLabel, 7),
            (DatasetProblemKind.UnreadableFile, 8), (DatasetProblemKind.UnreadableFile, 9),
            (DatasetProblemKind.LabelOutOfRange, 10), (DatasetProblemKind.MissingFile, 10), (DatasetProblemKind.EmptyClass, null),
        ];
        Assert.That(error.Problems.Select(problem => (problem.Kind, problem.Line)), Is.EqualTo(expected));
        Assert.That(error.Problems, Has.All.Property(nameof(DatasetProblem.File)).EqualTo(folder["list.txt"]));
        foreach (DatasetProblem problem in error.Problems)
            Assert.That(error.Message, Does.Contain(problem.ToString()));
        Assert.That(error.Message, Does.Contain($"{folder["list.txt"]}:2: there is no file missing.bmp."));
        Assert.That(error.Message, Does.Contain("the label 7 is outside 0 to 6, as there are 7 classes"));
        Assert.That(error.Message, Does.Contain(folder["text.jpg"]));
        Assert.That(error.Message, Does.Contain("classes 2 to 6 have no picture"));
    }

    [Test]
    public void AnEmptyClassIsRefusedUnlessItIsAllowed()
    {
        Pictures.Number(folder["a.bmp"], 0);
        File.WriteAllLines(folder["list.txt"], ["a.bmp 0", "a.bmp 2"]);
        Labels labels = new(["ant", "bee", "cat"]);
        DatasetException error = Assert.Throws<DatasetException>(() => ImageDataset.FromList(folder["list.txt"], labels: labels))!;
        Assert.That(error.Problems, Has.Count.EqualTo(1));
        Assert.That(error.Message, Does.Contain("class 1 (bee) has no picture"));
        ImageDataset data = ImageDataset.FromList(folder["list.txt"], labels: labels, allowEmptyClasses: true);
        Assert.That((data.Classes, data.CountOf(1)), Is.EqualTo((3, 0)));
    }

    [Test]
    public void ANameOfTwoClassesIsRefused()
    {
        Pictures.Number(folder["a.bmp"], 0);
        File.WriteAllLines(folder["list.txt"], ["a.bmp crane", "a.bmp 0", "a.bmp 1"]);
        DatasetException error = Assert.Throws<DatasetException>(() => ImageDataset.FromList(folder["list.txt"], labels: new(["crane", "crane"])))!;
        Assert.That(error.Message, Does.StartWith(folder["list.txt"] + ":1: ").And.Contains("stands for the classes 0 and 1"));
    }

    [Test]
    public void AListThatIsNoneIsRefused()
    {
        File.WriteAllText(folder["wide.txt"], "a.bmp 0", Encoding.Unicode);
        File.WriteAllText(folder["none.txt"], "\n# nothing\n");
        Assert.That(Kind("wide.txt"), Is.EqualTo(DatasetProblemKind.UnreadableFile));
        Assert.That(Kind("none.txt"), Is.EqualTo(DatasetProblemKind.EmptyClass));
        Assert.That(Kind("missing.txt"), Is.EqualTo(DatasetProblemKind.MissingFile));
        Assert.That(Kind("."), Is.EqualTo(DatasetProblemKind.UnreadableFile));

        DatasetProblemKind Kind(string name) => Assert.Throws<DatasetException>(() => ImageDataset.FromList(Path.Join(folder.Path, name)))!.Problems.Single().Kind;
    }

    [Test]
    public void ClassesThatContradictTheLabelsAreRefused()
    {
        Assert.That(() => ImageDataset.FromList("list.txt", classes: 3, labels: new(["a", "b"])), Throws.TypeOf<AlexNetException>().With.Message.Contains("3 classes").And.Message.Contains("2 labels"));
        Assert.That(() => ImageDataset.FromList("list.txt", classes: 0), Throws.TypeOf<AlexNetException>());
    }

    [Test]
    public void WithoutDecodingADamagedPictureIsFoundWhenItIsRead()
    {
        File.WriteAllText(folder["text.jpg"], "no picture");
        File.WriteAllLines(folder["list.txt"], ["text.jpg 0"]);
        ImageDataset data = ImageDataset.FromList(folder["list.txt"], decodeAll: false);
        DatasetException error = Assert.Throws<DatasetException>(() => data.Batches(1, Pictures.Tiny).First())!;
        Assert.That(error.Problems.Single(), Has.Property(nameof(DatasetProblem.File)).EqualTo(folder["text.jpg"]));
    }
}
