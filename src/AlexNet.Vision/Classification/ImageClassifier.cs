using System.Runtime.CompilerServices;
using AlexNetTF.Classification;
using NumSharp;

namespace AlexNetTF;

/// <summary>
/// Says what pictures show. Safe from many threads: decoding is the caller's, the network is shared.
/// </summary>
public sealed class ImageClassifier : IDisposable
{
    private readonly ClassifierNetwork? owned;
    private readonly Feeds? keepAll;

    private ImageClassifier(AlexNet net, Session session, Preprocessing preprocessing, Labels labels, ImageLimits limits, ClassifierNetwork? owned)
    {
        Network = net;
        Session = session;
        Preprocessing = preprocessing;
        Labels = labels;
        Limits = limits;
        this.owned = owned;
        keepAll = net.KeepProbNumber is null ? new Feeds { [net.KeepProb] = 1f } : null;
    }

    /// <summary>The network.</summary>
    public AlexNet Network { get; }

    /// <summary>The session that holds the weights.</summary>
    public Session Session { get; }

    /// <summary>How pictures become the network's input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The names of the classes.</summary>
    public Labels Labels { get; }

    /// <summary>What a picture may cost before it is refused.</summary>
    public ImageLimits Limits { get; }

    /// <summary>What loading the weight file did; null where there was none.</summary>
    public WeightReport? Report => owned?.Report;

    /// <summary>Builds AlexNet and loads its weights.</summary>
    /// <param name="weightsPath">The weight file, of any format that <see cref="WeightFile"/> reads.</param>
    /// <param name="options">Topology, preprocessing, labels, and so on.</param>
    /// <exception cref="FileFormatException">The file is no weight file, damaged, or lacks layers while no seed is set.</exception>
    /// <exception cref="AlexNetException">The number of labels is not the number of classes.</exception>
    public static ImageClassifier Load(string weightsPath, ClassifierOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(weightsPath);
        return Build(weightsPath, options ?? new ClassifierOptions());
    }

    /// <summary>Builds AlexNet with the initial values that TensorFlow gives it for a seed; it knows nothing yet.</summary>
    /// <param name="options">With <see cref="ClassifierOptions.Seed"/> set.</param>
    /// <exception cref="AlexNetException">There is no seed, or the number of labels is not the number of classes.</exception>
    public static ImageClassifier FromSeed(ClassifierOptions options) => Build(null, options);

    /// <summary>A classifier on a network and session of your own, which stay yours to dispose.</summary>
    /// <param name="net">The network; its keepProb must be a placeholder or 1.</param>
    /// <param name="session">A session in which all its variables have values.</param>
    /// <param name="preprocessing">How pictures become its input.</param>
    /// <param name="labels">The names of its classes.</param>
    /// <exception cref="AlexNetException">The network drops results at random, or the number of labels is not the number of classes.</exception>
    public static ImageClassifier FromNetwork(AlexNet net, Session session, Preprocessing? preprocessing = null, Labels? labels = null) =>
        Create(net, session, preprocessing ?? Preprocessing.Bvlc, labels, ImageLimits.Default, owned: null);

    /// <summary>The best classes for one picture.</summary>
    /// <param name="image">A path, a stream, encoded bytes, or raw pixels (<see cref="ImageSource.FromPixels"/>).</param>
    /// <param name="top">How many classes.</param>
    /// <returns>Most likely first.</returns>
    /// <exception cref="ImageFormatException">The picture is empty, none, broken or beyond the limits.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public IReadOnlyList<Prediction> Classify(ImageSource image, int top = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        NDArray input = ImageInput.Load(image, Preprocessing, Limits);
        return Ranking.Top(Run(Network.Probabilities, input).ToArray<float>(), top, Labels);
    }

    /// <summary>A layer's result for one picture.</summary>
    /// <param name="image">A path, a stream, encoded bytes, or raw pixels.</param>
    /// <param name="layer">A layer of <see cref="AlexNet.LayerNames"/>, or prob.</param>
    /// <returns>The layer's shape with a batch of 1: fc7 gives [1, 4096].</returns>
    /// <exception cref="GraphException">There is no such layer.</exception>
    public NDArray Extract(ImageSource image, string layer) => Run(Network[layer], ImageInput.Load(image, Preprocessing, Limits));

    /// <summary>
    /// The best classes for many pictures, in their order. Pictures are decoded ahead on other threads while the network
    /// runs; at most a few batches are in memory. A picture that cannot be used carries its error, and the others go on.
    /// </summary>
    /// <param name="paths">The pictures.</param>
    /// <param name="batchSize">How many pictures go through the network together; the answers do not depend on it.</param>
    /// <param name="top">How many classes each.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<ClassifiedImage> ClassifyAsync(
        IEnumerable<string> paths, int batchSize = 32, int top = 5, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach ((ImageBatch batch, NDArray? probabilities) in RunBatchesAsync(Network.Probabilities, paths, batchSize, cancellationToken).ConfigureAwait(false))
        {
            float[] rows = probabilities?.ToArray<float>() ?? [];
            int classes = Network.NumClasses, row = 0;
            foreach (ImageBatchItem item in batch.Items)
            {
                yield return item.Error is null
                    ? new ClassifiedImage(item.Path, Ranking.Top(rows.AsSpan(row++ * classes, classes), top, Labels), item.Warning, null)
                    : new ClassifiedImage(item.Path, [], item.Warning, item.Error);
            }
        }
    }

    /// <summary>Frees the network's memory, unless it came by <see cref="FromNetwork"/>.</summary>
    public void Dispose() => owned?.Dispose();
}
