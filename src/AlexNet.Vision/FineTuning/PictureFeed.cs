using System.Runtime.CompilerServices;
using AlexNetTF.Datasets;
using AlexNetTF.Imaging;

namespace AlexNetTF.FineTuning;

/// <summary>A batch as a session is fed it.</summary>
/// <param name="Feeds">The pictures or, with a feature store, the frontier.</param>
/// <param name="Items">Which pictures they are.</param>
internal readonly record struct FedBatch(Feeds Feeds, AugmentedItem[] Items);

/// <summary>Feeds a data set's pictures to a network: decoded for each use, or by their features, computed at their first use.</summary>
internal sealed class PictureFeed : IDisposable
{
    private readonly TrainingNetwork network;
    private readonly ImageDataset dataset;
    private readonly Preprocessing preprocessing;
    private readonly int batchSize;
    private readonly FeatureStore? store;

    /// <param name="network">The network.</param>
    /// <param name="dataset">The pictures.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="frontier">What is kept of each picture; empty to keep nothing.</param>
    /// <param name="path">The file for features that do not fit into memory.</param>
    public PictureFeed(TrainingNetwork network, ImageDataset dataset, FineTunerOptions options, IReadOnlyList<Tensor> frontier, string path)
    {
        this.network = network;
        this.dataset = dataset;
        preprocessing = options.Input;
        batchSize = options.BatchSize;
        store = frontier.Count == 0 ? null : new FeatureStore(frontier, dataset.Count, options.FeatureCacheMemory, path);
    }

    /// <summary>Whether features are kept.</summary>
    public bool KeepsFeatures => store is not null;

    public ImageDataset Dataset => dataset;

    /// <summary>Computes the features that are not there yet.</summary>
    /// <param name="items">The pictures that will be needed.</param>
    /// <param name="done">Told how many of how many are done, after each batch.</param>
    /// <param name="cancellation">Ends it between two batches; what is done stays.</param>
    public async Task PrepareAsync(IEnumerable<AugmentedItem> items, Action<int, int> done, CancellationToken cancellation)
    {
        if (store is null) return;
        AugmentedItem[] missing = [.. items.Where(item => !store.Has(item.Index, item.Mirror)).Distinct()];
        if (missing.Length == 0) return;
        int count = 0;
        Tensor[] frontier = [.. store.Tensors];
        await foreach (ImageBatch batch in dataset.ReadAsync(missing, batchSize, preprocessing, cancellation).ConfigureAwait(false))
        {
            using ImageBatch held = batch;
            NumSharp.NDArray[] values = network.Session.Run(frontier, new Feeds { [network.Input] = batch.Images }, cancellation);
            foreach (ImageBatchItem item in batch.Items) store.Put(item.Request.Tag, item.Request.Mirror, values, item.Row);
            count += batch.Count;
            done(count, missing.Length);
        }
    }

    /// <summary>The pictures in batches, in this order.</summary>
    public async IAsyncEnumerable<FedBatch> ReadAsync(AugmentedItem[] items, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (store is not null)
        {
            foreach (AugmentedItem[] chunk in items.Chunk(batchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                var feeds = new Feeds();
                store.Feed(feeds, [.. chunk.Select(item => (item.Index, item.Mirror))]);
                yield return new FedBatch(feeds, chunk);
            }

            yield break;
        }

        int at = 0;
        await foreach (ImageBatch batch in dataset.ReadAsync(items, batchSize, preprocessing, cancellation).ConfigureAwait(false))
        {
            using ImageBatch held = batch;
            yield return new FedBatch(new Feeds { [network.Input] = batch.Images }, items[at..(at + batch.Count)]);
            at += batch.Count;
        }
    }

    /// <summary>The classes of some pictures.</summary>
    public int[] LabelsOf(AugmentedItem[] items) => Array.ConvertAll(items, item => dataset.Items[item.Index].Label);

    public void Dispose() => store?.Dispose();
}
