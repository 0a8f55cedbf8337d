using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Batches;

/// <summary>Batches: order, values, errors of single pictures, bounds, cancellation.</summary>
public class ImageBatchPipelineTests
{
    private static readonly Preprocessing Tiny = Preprocessing.Article with { Width = 2, Height = 1 };

    [TestCase(1, 1)]
    [TestCase(4, 3)]
    [TestCase(7, 2)]
    [TestCase(100, 5)]
    public async Task KeepsTheOrderAndEveryPicture(int batchSize, int workers)
    {
        var pipeline = new ImageBatchPipeline(Tiny, new() { BatchSize = batchSize, Workers = workers });
        List<float> seen = [];
        List<int> sizes = [];
        await foreach (ImageBatch batch in pipeline.ReadAsync(Enumerable.Range(0, 50).Select(Picture)))
        {
            using (batch)
            {
                sizes.Add(batch.Count);
                Assert.That(batch.Items.Select(item => item.Row), Is.EqualTo(Enumerable.Range(0, batch.Count)));
                seen.AddRange(Rows(batch));
            }
        }

        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 50).Select(i => (float)i)));
        Assert.That(sizes, Is.EqualTo(Enumerable.Range(0, (50 + batchSize - 1) / batchSize).Select(i => Math.Min(batchSize, 50 - (i * batchSize)))));
    }

    [Test]
    public async Task APictureThatFailsIsAnItemAndTheOthersMoveTogether()
    {
        ImageRequest[] requests = [Broken(0), Picture(1), Picture(2), Broken(3), new(ImageSource.FromFile("no such.png"), Tag: 4), Picture(5), Broken(6)];
        await foreach (ImageBatch batch in new ImageBatchPipeline(Tiny).ReadAsync(requests))
        {
            using (batch)
            {
                Assert.That(batch.Count, Is.EqualTo(3));
                Assert.That(batch.Items.Select(item => item.Request.Tag), Is.EqualTo(Enumerable.Range(0, 7)));
                Assert.That(batch.Items.Select(item => item.Row), Is.EqualTo(new[] { -1, 0, 1, -1, -1, 2, -1 }));
                Assert.That(Rows(batch), Is.EqualTo(new float[] { 1, 2, 5 }));
                Assert.That(batch.Items[0].Error, Is.TypeOf<ImageFormatException>());
                Assert.That(batch.Items[4].Error, Is.TypeOf<InputFileException>());
                Assert.That(batch.Items[1].Error, Is.Null);
            }
        }
    }

    [Test]
    public async Task ABatchMayBeLeftWithoutPictures()
    {
        await foreach (ImageBatch batch in new ImageBatchPipeline(Tiny).ReadAsync([Broken(0), Broken(1)]))
        {
            using (batch)
            {
                Assert.That(Rows(batch), Is.Empty);
                Assert.That(batch.Items.Select(item => item.Error), Has.All.Not.Null);
            }
        }
    }

    [Test]
    public async Task EqualsOnePictureAtATime()
    {
        string[] photographs = [.. new[] { "llama", "sealion", "zebra" }.Select(Golden.Photograph)];
        byte[] whole = File.ReadAllBytes(photographs[0]);
        byte[] cut = whole[..(whole.Length / 2)];
        ImageRequest[] requests = [.. photographs.SelectMany(path => new ImageRequest[] { new(path), new(path, Mirror: true) }), new(cut)];
        await foreach (ImageBatch batch in new ImageBatchPipeline(Preprocessing.Bvlc).ReadAsync(requests))
        {
            using (batch)
            {
                Assert.That(batch.Items.Select(item => item.Error?.Message), Is.All.Null);
                int length = batch.Pixels.Length / requests.Length;
                float[] alone = new float[length];
                for (int i = 0; i < requests.Length; i++)
                {
                    ImageInput.WriteInto(requests[i].Source, Preprocessing.Bvlc, ImageLimits.Default, requests[i].Mirror, alone);
                    Assert.That(batch.Pixels.Slice(i * length, length).SequenceEqual(alone), requests[i].Source.Name);
                }

                Assert.That(batch.Items[^1].Warning, Does.Contain("ends early"));
                Assert.That(batch.Items.SkipLast(1).Select(item => item.Warning), Is.All.Null);
            }
        }
    }

    [Test]
    public async Task TheProducerWaitsForTheConsumer()
    {
        int asked = 0;
        var pipeline = new ImageBatchPipeline(Tiny, new() { BatchSize = 2, Ahead = 3, Workers = 2 });
        await using IAsyncEnumerator<ImageBatch> batches = pipeline.ReadAsync(Endless()).GetAsyncEnumerator();
        Assert.That(await batches.MoveNextAsync());
        int settled = -1;
        while (settled != Volatile.Read(ref asked))
        {
            settled = Volatile.Read(ref asked);
            await Task.Delay(100);
        }

        // The batch that is read, three waiting, one that cannot be queued yet.
        Assert.That(settled, Is.InRange(2, 2 * 5));

        IEnumerable<ImageRequest> Endless()
        {
            for (int i = 0; ; i++)
            {
                Interlocked.Increment(ref asked);
                yield return Picture(i % 250);
            }
        }
    }

    [Test]
    public async Task MemoryIsUsedAgain()
    {
        HashSet<nint> buffers = [];
        await foreach (ImageBatch batch in new ImageBatchPipeline(Tiny, new() { BatchSize = 2, Ahead = 1 }).ReadAsync(Enumerable.Range(0, 200).Select(Picture)))
        {
            using (batch)
            {
                unsafe
                {
                    buffers.Add((nint)batch.Images.Unsafe.Address);
                }
            }
        }

        Assert.That(buffers, Has.Count.LessThanOrEqualTo(4));
    }

    [Test]
    public async Task CancellationEndsItAndNothingKeepsWriting()
    {
        using var cancellation = new CancellationTokenSource();
        int decoded = 0;
        await Assert.ThatAsync(Read, Throws.InstanceOf<OperationCanceledException>());
        int after = Volatile.Read(ref decoded);
        await Task.Delay(100);
        Assert.That(Volatile.Read(ref decoded), Is.EqualTo(after));

        async Task Read()
        {
            var pipeline = new ImageBatchPipeline(Tiny, new() { BatchSize = 3 });
            await foreach (ImageBatch batch in pipeline.ReadAsync(Forever(), cancellation.Token))
            {
                batch.Dispose();
                await cancellation.CancelAsync();
            }
        }

        IEnumerable<ImageRequest> Forever()
        {
            while (true)
            {
                Interlocked.Increment(ref decoded);
                yield return Picture(1);
            }
        }
    }

    [Test]
    public async Task LeavingEarlyEndsTheWorkers()
    {
        int asked = 0;
        await foreach (ImageBatch batch in new ImageBatchPipeline(Tiny, new() { BatchSize = 1 }).ReadAsync(Forever()))
        {
            batch.Dispose();
            break;
        }

        int after = Volatile.Read(ref asked);
        await Task.Delay(100);
        Assert.That(Volatile.Read(ref asked), Is.EqualTo(after));

        IEnumerable<ImageRequest> Forever()
        {
            while (true)
            {
                Interlocked.Increment(ref asked);
                yield return Picture(1);
            }
        }
    }

    [Test]
    public async Task AnErrorOfTheEnumerationReachesTheConsumer()
    {
        int pictures = 0;
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (ImageBatch batch in new ImageBatchPipeline(Tiny, new() { BatchSize = 2 }).ReadAsync(Failing()))
            {
                pictures += batch.Count;
                batch.Dispose();
            }
        });
        Assert.That(pictures, Is.EqualTo(4), "the batches before it are delivered");

        static IEnumerable<ImageRequest> Failing()
        {
            for (int i = 0; i < 4; i++)
                yield return Picture(i);
            throw new InvalidDataException("no more");
        }
    }

    [Test]
    public void OptionsOutOfRangeAreRefused()
    {
        foreach (ImageBatchOptions options in new ImageBatchOptions[] { new() { BatchSize = 0 }, new() { Ahead = 0 }, new() { Workers = -1 } })
            Assert.Throws<AlexNetException>(() => _ = new ImageBatchPipeline(Tiny, options));
        Assert.Throws<AlexNetException>(() => _ = new ImageBatchPipeline(Tiny with { Width = 0 }));
    }

    // Two pixels whose first value is the number.
    private static ImageRequest Picture(int i) => new(ImageSource.FromPixels(new byte[] { (byte)i, 1, 2, 3, 4, 5 }, 2, 1), Tag: i);

    private static ImageRequest Broken(int i) => new(new byte[] { 1, 2, 3 }, Tag: i);

    private static float[] Rows(ImageBatch batch)
    {
        NumSharp.NDArray images = batch.Images;
        Assert.That(images.shape, Is.EqualTo(new long[] { batch.Count, 1, 2, 3 }));
        Assert.That(images.Shape.IsContiguous, "sessions read it in place");
        return [.. Enumerable.Range(0, batch.Count).Select(i => batch.Pixels[i * 6])];
    }
}
