using AlexNetTF.Datasets;
using AlexNetTF.Imaging;
using AlexNetTF.Testing;
using AlexNetTF.Vision.Tests.Imaging;
using NumSharp;

namespace AlexNetTF.Vision.Tests.Datasets;

/// <summary>Batches for training: contents, order, flips, errors in the middle, bounds, cancellation.</summary>
public class BatchesTests
{
    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private static IEnumerable<TestCaseData> Photographs() => GoldenImage.Entries("images/photos.json");

    [TestCase(1, false)]
    [TestCase(7, true)]
    [TestCase(50, true)]
    [TestCase(64, false)]
    public void EveryExampleIsInAnEpochOnceWithItsLabel(int batchSize, bool shuffle)
    {
        ImageDataset data = Pictures.Numbered(folder, 50);
        List<int> seen = [];
        foreach (Batch batch in data.Batches(batchSize, Pictures.Tiny, shuffle: shuffle, seed: 5))
        {
            using (batch)
            {
                Assert.That(batch.Count, Is.EqualTo(Math.Min(batchSize, 50 - seen.Count)));
                Assert.That(batch.Images.shape, Is.EqualTo(new[] { batch.Count, 1, 2, 3 }));
                Assert.That(batch.OneHot.shape, Is.EqualTo(new[] { batch.Count, 3 }));
                Assert.That(batch.Labels.shape, Is.EqualTo(new[] { batch.Count }));
                Assert.That((batch.Images.typecode, batch.OneHot.typecode, batch.Labels.typecode), Is.EqualTo((NPTypeCode.Single, NPTypeCode.Single, NPTypeCode.Int32)));
                for (int row = 0; row < batch.Count; row++)
                    seen.Add(CheckedNumber(batch, row));
            }
        }

        Assert.That(seen, shuffle ? Is.EquivalentTo(Enumerable.Range(0, 50)) : Is.EqualTo(Enumerable.Range(0, 50)));
        Assert.That(seen, shuffle ? Is.EqualTo(EpochOrder.Shuffle(50, 5, 0)) : Is.Ordered);
    }

    [Test]
    public void ABatchThatIsKeptStaysAsItWas()
    {
        List<Batch> kept = [.. Pictures.Numbered(folder, 40).Batches(3, Pictures.Tiny)];
        Assert.That(kept.SelectMany(batch => Enumerable.Range(0, batch.Count).Select(row => CheckedNumber(batch, row))), Is.EqualTo(Enumerable.Range(0, 40)));
    }

    [Test]
    public void SeedAndEpochDecideOrderAndFlips()
    {
        ImageDataset data = Pictures.Numbered(folder, 60);
        float[] first = Read(1, 0);
        Assert.That(Read(1, 0), Is.EqualTo(first));
        Assert.That(Read(1, 1), Is.Not.EqualTo(first));
        Assert.That(Read(2, 0), Is.Not.EqualTo(first));

        float[] Read(long seed, int epoch) =>
            [.. data.Batches(8, Pictures.Tiny, flip: true, shuffle: true, seed: seed, epoch: epoch).SelectMany(batch => batch.Images.ToArray<float>())];
    }

    [TestCaseSource(nameof(Photographs))]
    public void AFlipComesBeforeTheResize(object argument)
    {
        var entry = (ImageEntry)argument;
        File.WriteAllLines(folder["list.txt"], [$"{Golden.Photograph(Path.GetFileNameWithoutExtension(entry.Name))} 0"]);
        ImageDataset data = ImageDataset.FromList(folder["list.txt"]);
        foreach (var size in entry.Value.Get("flip_then_resize").EnumerateObject())
        {
            Dictionary<bool, string> expected = new() { [true] = size.Value.GetString()!, [false] = entry.Value.Get("resize").Get(size.Name).Text("sha256") };
            int[] epochs = [.. new[] { true, false }.Select(mirror => Enumerable.Range(0, 100).First(epoch => Augmentation.Article.Decide(0, 1, epoch).Mirror == mirror))];
            foreach (int epoch in epochs)
            {
                using Batch batch = data.Batches(4, GoldenImage.Size(size.Name), flip: true, seed: 1, epoch: epoch).Single();
                string hash = GoldenImage.Sha256(GoldenImage.Bytes(batch.Images.ToArray<float>()));
                Assert.That(hash, Is.EqualTo(expected[epoch == epochs[0]]), $"{size.Name} in epoch {epoch}");
            }
        }
    }

    [Test]
    public void ReadingAheadIsBoundedAndALostPictureIsNamed()
    {
        const int Count = 200, BatchSize = 4;
        ImageDataset data = Pictures.Numbered(folder, Count);
        using IEnumerator<Batch> batches = data.Batches(BatchSize, Pictures.Tiny).GetEnumerator();
        Assert.That(batches.MoveNext());
        Thread.Sleep(500);
        foreach (DatasetItem item in data.Items)
            File.Delete(item.Path);
        int read = 1;
        DatasetException error = Assert.Throws<DatasetException>(() =>
        {
            while (batches.MoveNext())
                read++;
        })!;
        // The consumer's batch, two ready ones, and one that waits to be queued.
        Assert.That(read, Is.LessThanOrEqualTo(5));
        Assert.That(error.Problems[0].Kind, Is.EqualTo(DatasetProblemKind.MissingFile));
        Assert.That(data.Items.Skip(read * BatchSize).Take(BatchSize).Select(item => item.Path), Does.Contain(error.Problems[0].File));
        Assert.That(error.Message, Does.Contain(error.Problems[0].File));
    }

    [Test]
    public void MemoryOfDisposedBatchesIsUsedAgain()
    {
        HashSet<nint> buffers = [];
        foreach (Batch batch in Pictures.Numbered(folder, 200).Batches(2, Pictures.Tiny))
        {
            using (batch)
            {
                unsafe
                {
                    buffers.Add((nint)batch.Images.Unsafe.Address);
                }
            }
        }

        Assert.That(buffers, Has.Count.LessThanOrEqualTo(5));
    }

    [Test]
    public void CancellationEndsTheBatches()
    {
        ImageDataset data = Pictures.Numbered(folder, 200);
        using var cancellation = new CancellationTokenSource();
        int read = 0;
        Assert.That(Read, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(read, Is.InRange(1, 5));

        void Read()
        {
            foreach (Batch batch in data.Batches(2, Pictures.Tiny, cancellationToken: cancellation.Token))
            {
                batch.Dispose();
                read++;
                cancellation.Cancel();
            }
        }
    }

    [Test]
    public void ALoopMayBeLeftAndTheBatchesReadAgain()
    {
        IEnumerable<Batch> batches = Pictures.Numbered(folder, 30).Batches(4, Pictures.Tiny);
        Assert.That(batches.Take(2).Sum(batch => batch.Count), Is.EqualTo(8));
        Assert.That(batches.Sum(batch => batch.Count), Is.EqualTo(30));
    }

    [Test]
    public async Task ARunReadsWhatItAsksForByNumber()
    {
        ImageDataset data = Pictures.Numbered(folder, 20);
        List<(int, bool, float)> seen = [];
        await foreach (ImageBatch batch in data.ReadAsync([7, 3, 7, 19], 3, Pictures.Tiny, Augmentation.Article, seed: 4, epoch: 2, CancellationToken.None))
        {
            using (batch)
                seen.AddRange(batch.Items.Select((item, i) => (item.Request.Tag, item.Request.Mirror, batch.Pixels[i * 6] + batch.Pixels[(i * 6) + 3])));
        }

        Assert.That(seen, Is.EqualTo(new[] { 7, 3, 7, 19 }.Select(i => (i, Augmentation.Article.Decide(i, 4, 2).Mirror, (float)i))));
    }

    [Test]
    public void ParametersOutOfRangeAreRefusedAtOnce()
    {
        ImageDataset data = Pictures.Numbered(folder, 3);
        Assert.That(() => data.Batches(0), Throws.InstanceOf<AlexNetException>());
        Assert.That(() => data.Batches(1, Pictures.Tiny with { Width = 0 }), Throws.InstanceOf<AlexNetException>());
        Assert.That(() => data.Batches(1, augmentation: new() { Contrast = 2 }), Throws.InstanceOf<AlexNetException>());
    }

    // The picture's number, after checking that path, label and one-hot row are the picture's.
    private static int CheckedNumber(Batch batch, int row)
    {
        int number = Pictures.NumberOf(batch, row);
        Assert.That(Path.GetFileName(batch.Paths[row]), Is.EqualTo($"{number}.bmp"));
        Assert.That(batch.Labels.GetInt32(row), Is.EqualTo(number % 3));
        Assert.That(Enumerable.Range(0, 3).Select(label => batch.OneHot.GetSingle(row, label)), Is.EqualTo(Enumerable.Range(0, 3).Select(label => label == number % 3 ? 1f : 0f)));
        return number;
    }
}
