using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Datasets;

/// <summary>Folders of pictures, and splitting a data set.</summary>
public class ImageDatasetTests
{
    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void ReadsOneFolderPerClass()
    {
        string train = Path.Combine(Golden.Repository, "samples", "demo", "fashion", "train");
        ImageDataset data = ImageDataset.FromFolders(train);
        string[] names = [.. Directory.GetDirectories(train).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.That(data.Labels, Is.EqualTo(names));
        Assert.That(data.Count, Is.EqualTo(Directory.GetFiles(train, "*.png", SearchOption.AllDirectories).Length).And.GreaterThan(0));
        Assert.That(data.Items.Select(item => Path.GetFileName(Path.GetDirectoryName(item.Path))), Is.EqualTo(data.Items.Select(item => names[item.Label])));
        Assert.That(data.Items.Select(item => item.Path), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(Enumerable.Range(0, data.Classes).Sum(data.CountOf), Is.EqualTo(data.Count));
    }

    [Test]
    public void FoldersAreInOrdinalOrderAndHiddenOnesAndOtherFilesAreNoClasses()
    {
        Pictures.Number(folder["b/1.bmp"], 1);
        Pictures.Number(folder["B/deep/2.bmp"], 2);
        Pictures.Number(folder[".hidden/3.bmp"], 3);
        File.WriteAllText(folder["b/notes.txt"], "no picture");
        ImageDataset data = ImageDataset.FromFolders(folder.Path);
        Assert.That(data.Labels, Is.EqualTo(new[] { "B", "b" }));
        Assert.That(data.Items, Is.EqualTo(new DatasetItem[] { new(folder["B/deep/2.bmp"], 0), new(folder["b/1.bmp"], 1) }));
    }

    [Test]
    public void ProblemsOfFoldersAreReportedTogether()
    {
        Pictures.Number(folder["good/1.bmp"], 1);
        File.WriteAllText(folder["bad/text.jpg"], "no picture");
        Directory.CreateDirectory(Path.Join(folder.Path, "empty"));
        DatasetException error = Assert.Throws<DatasetException>(() => ImageDataset.FromFolders(folder.Path))!;
        Assert.That(error.Problems.Select(problem => (problem.Kind, problem.File)), Is.EquivalentTo(new[]
        {
            (DatasetProblemKind.UnreadableFile, folder["bad/text.jpg"]),
            (DatasetProblemKind.EmptyClass, folder.Path),
        }));
        Assert.That(error.Message, Does.Contain("class 1 (empty) has no picture"));
        Assert.That(error.Problems, Has.All.Property(nameof(DatasetProblem.Remedy)).Not.Empty);
    }

    [Test]
    public void LabelsOfAnotherDataSetGiveTheNumbers()
    {
        Pictures.Number(folder["b/1.bmp"], 1);
        Pictures.Number(folder["a/2.bmp"], 2);
        Labels labels = new(["c", "b", "a"]);
        Assert.That(ImageDataset.FromFolders(folder.Path, labels, allowEmptyClasses: true).Items.Select(item => item.Label), Is.EqualTo(new[] { 2, 1 }));
        DatasetException error = Assert.Throws<DatasetException>(() => ImageDataset.FromFolders(folder.Path, new(["a", "x"])))!;
        Assert.That(error.Problems.Select(problem => problem.Kind), Is.EquivalentTo(new[] { DatasetProblemKind.UnknownLabel, DatasetProblemKind.EmptyClass }));
    }

    [Test]
    public void AFolderThatIsNoneIsRefused()
    {
        Assert.That(() => ImageDataset.FromFolders(folder["missing"]), Throws.TypeOf<DatasetException>().With.Message.Contains("no such folder"));
        Assert.That(() => ImageDataset.FromFolders(folder.Path), Throws.TypeOf<DatasetException>().With.Message.Contains("one folder of pictures per class"));
    }

    [TestCase(0.2)]
    [TestCase(0.5)]
    [TestCase(0.01)]
    [TestCase(0.99)]
    public void ASplitTakesTheShareOfEveryClass(double share)
    {
        int[] sizes = [1, 2, 3, 10, 57];
        ImageDataset data = OfSizes(sizes);
        (ImageDataset train, ImageDataset validation) = data.Split(share, seed: 3);
        for (int label = 0; label < sizes.Length; label++)
        {
            int expected = sizes[label] < 2 ? 0 : Math.Clamp((int)Math.Round(sizes[label] * share), 1, sizes[label] - 1);
            Assert.That(validation.CountOf(label), Is.EqualTo(expected), $"class {label}");
            Assert.That(train.CountOf(label), Is.EqualTo(sizes[label] - expected), $"class {label}");
        }

        Assert.That(train.Items.Concat(validation.Items), Is.EquivalentTo(data.Items));
        Assert.That(train.Items, Is.EqualTo(data.Items.Where(train.Items.Contains)), "the order stays");
        Assert.That((train.Classes, validation.Classes), Is.EqualTo((sizes.Length, sizes.Length)));
        Assert.That(validation.Labels, Is.SameAs(data.Labels));
    }

    [Test]
    public void TheSeedDecidesWhichPicturesAreSplitOff()
    {
        ImageDataset data = OfSizes([40, 40]);
        IReadOnlyList<DatasetItem> again = data.Split(0.25, 1).Validation.Items;
        Assert.That(data.Split(0.25, 1).Validation.Items, Is.EqualTo(again));
        Assert.That(data.Split(0.25, 2).Validation.Items, Is.Not.EqualTo(data.Split(0.25, 1).Validation.Items));
        Assert.That(data.Split(0.25, 1).Validation.Items.Select(item => Path.GetFileName(item.Path)).Distinct().Count(), Is.GreaterThan(10), "classes are split independently");
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    public void AnImpossibleShareIsRefused(double share) =>
        Assert.That(() => OfSizes([2]).Split(share), Throws.TypeOf<AlexNetException>());

    private static ImageDataset OfSizes(int[] sizes) => new(
        "memory",
        [.. sizes.SelectMany((size, label) => Enumerable.Range(0, size).Select(i => new DatasetItem($"{label}/{i}", label)))],
        new(sizes.Select((_, label) => $"class {label}")));
}
