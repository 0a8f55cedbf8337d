using System.Runtime.CompilerServices;
using AlexNetTF.Datasets;
using AlexNetTF.Imaging;

namespace AlexNetTF;

/// <content>Batches for training.</content>
public sealed partial class ImageDataset
{
    /// <summary>
    /// One pass over all pictures in batches, decoded ahead on worker threads; the memory of four batches is the most that is
    /// in use beside those that the caller keeps. The last batch may be smaller. Order and changes are functions of seed and epoch.
    /// </summary>
    /// <param name="batchSize">Pictures in a batch.</param>
    /// <param name="preprocessing">How a picture becomes the network's input; null for <see cref="Preprocessing.Bvlc"/>.</param>
    /// <param name="flip">Whether half of the pictures are mirrored, before the resize, as in the article.</param>
    /// <param name="shuffle">Whether the order is random; without it the order is that of <see cref="Items"/>.</param>
    /// <param name="seed">Decides order and changes.</param>
    /// <param name="epoch">The number of the pass; each has its own order and changes.</param>
    /// <param name="augmentation">Further random changes.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="AlexNetException">A parameter is out of range.</exception>
    /// <exception cref="DatasetException">While enumerating: a picture cannot be read any more; the error names it.</exception>
    public IEnumerable<Batch> Batches(
        int batchSize,
        Preprocessing? preprocessing = null,
        bool flip = false,
        bool shuffle = false,
        long seed = 0,
        int epoch = 0,
        Augmentation? augmentation = null,
        CancellationToken cancellationToken = default)
    {
        augmentation ??= Augmentation.None;
        augmentation = (augmentation with { Flip = augmentation.Flip || flip }).Validated();
        var pipeline = new ImageBatchPipeline(preprocessing ?? Preprocessing.Bvlc, new() { BatchSize = batchSize });
        return Enumerate();

        IEnumerable<Batch> Enumerate()
        {
            IEnumerable<int> order = shuffle ? EpochOrder.Shuffle(Count, seed, epoch) : Enumerable.Range(0, Count);
            IAsyncEnumerator<ImageBatch> batches = ReadAsync(pipeline, Decide(order, augmentation, seed, epoch), cancellationToken).GetAsyncEnumerator(CancellationToken.None);
            try
            {
                while (batches.MoveNextAsync().AsTask().GetAwaiter().GetResult())
                    yield return new Batch(batches.Current, this);
            }
            finally
            {
                batches.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>
    /// Reads pictures by their numbers, in the given order, changed as seed and epoch decide. A request's tag is the picture's
    /// number. The caller disposes the batches.
    /// </summary>
    /// <exception cref="DatasetException">A picture cannot be read.</exception>
    internal IAsyncEnumerable<ImageBatch> ReadAsync(
        IEnumerable<int> itemIndices, int batchSize, Preprocessing preprocessing, Augmentation augmentation, long seed, int epoch, CancellationToken cancellationToken) =>
        ReadAsync(Decide(itemIndices, augmentation.Validated(), seed, epoch), batchSize, preprocessing, cancellationToken);

    /// <summary>Reads pictures with changes that the caller has decided, such as both variants of every picture.</summary>
    /// <exception cref="DatasetException">A picture cannot be read.</exception>
    internal IAsyncEnumerable<ImageBatch> ReadAsync(IEnumerable<AugmentedItem> wanted, int batchSize, Preprocessing preprocessing, CancellationToken cancellationToken) =>
        ReadAsync(new ImageBatchPipeline(preprocessing, new() { BatchSize = batchSize }), wanted, cancellationToken);

    private static IEnumerable<AugmentedItem> Decide(IEnumerable<int> indices, Augmentation augmentation, long seed, int epoch) =>
        indices.Select(index => augmentation.Decide(index, seed, epoch));

    private async IAsyncEnumerable<ImageBatch> ReadAsync(ImageBatchPipeline pipeline, IEnumerable<AugmentedItem> wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<ImageRequest> requests = wanted.Select(item => new ImageRequest(items[item.Index].Path, item.Mirror, item.Index, item.Jitter));
        await foreach (ImageBatch batch in pipeline.ReadAsync(requests, cancellationToken).ConfigureAwait(false))
        {
            if (batch.Count < batch.Requests)
            {
                using (batch)
                    throw Failure(batch);
            }

            yield return batch;
        }
    }

    private DatasetException Failure(ImageBatch batch)
    {
        ImageBatchItem[] failed = [.. batch.Items.Where(item => item.Error is not null)];
        return new(name, [.. failed.Select(Problem)], failed[0].Error);

        static DatasetProblem Problem(ImageBatchItem item)
        {
            string path = item.Request.Source.Name, text = item.Error!.Message;
            bool missing = item.Error is InputFileException { IsMissing: true };
            text = text.StartsWith(path + ": ", StringComparison.Ordinal) ? text[(path.Length + 2)..] : text;
            return new(missing ? DatasetProblemKind.MissingFile : DatasetProblemKind.UnreadableFile, path, null, text, "It has changed since the data set was checked, or was not decoded then; put it back.");
        }
    }
}
