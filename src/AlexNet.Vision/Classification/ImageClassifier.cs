using System.Runtime.CompilerServices;
using AlexNetTF.Classification;
using AlexNetTF.Imaging;
using NumSharp;

namespace AlexNetTF;

/// <summary>Says what pictures show. Safe from many threads: each decodes for itself, the network is shared.</summary>
public sealed partial class ImageClassifier : IDisposable
{
    private readonly ClassifierNetwork? owned;

    private ImageClassifier(AlexNet net, Session session, Preprocessing preprocessing, Labels? labels, ImageLimits limits, ClassifierNetwork? owned)
    {
        Network = net;
        Session = session;
        Preprocessing = preprocessing;
        Limits = limits;
        this.owned = owned;
        Labels = labels ?? (net.NumClasses == Labels.ImageNet.Count ? Labels.ImageNet : new Labels(Enumerable.Range(0, net.NumClasses).Select(index => $"class {index}")));
        if (Labels.Count != net.NumClasses)
        {
            throw new AlexNetException($"There are {Labels.Count} labels for {net.NumClasses} classes; the number must be the same. Give the labels that the weights were trained with, or set Classes.");
        }

        if (net.KeepProbNumber is < 1)
        {
            throw new AlexNetException($"This network drops results at random (its keepProb is the constant {net.KeepProbNumber}), so its answers would differ from run to run. Build it with a placeholder, or with keepProb 1.");
        }
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
    public static ImageClassifier FromSeed(ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Build(null, options);
    }

    /// <summary>A classifier on a network and session of your own, which stay yours to dispose.</summary>
    /// <param name="net">The network; its keepProb must be a placeholder or 1.</param>
    /// <param name="session">A session in which all its variables have values.</param>
    /// <param name="preprocessing">How pictures become its input; <see cref="TopologyPreprocessing.DefaultPreprocessing"/> if null.</param>
    /// <param name="labels">The names of its classes; see <see cref="ClassifierOptions.Labels"/>.</param>
    /// <exception cref="AlexNetException">The network drops results at random, or the number of labels is not the number of classes.</exception>
    public static ImageClassifier FromNetwork(AlexNet net, Session session, Preprocessing? preprocessing = null, Labels? labels = null) =>
        new(net, session, preprocessing ?? net.Topology.DefaultPreprocessing(), labels, ImageLimits.Default, owned: null);

    /// <summary>The best classes for one picture.</summary>
    /// <param name="image">A path, a stream, encoded bytes, or raw pixels (<see cref="ImageSource.FromPixels"/>).</param>
    /// <param name="top">How many classes.</param>
    /// <returns>Most likely first.</returns>
    /// <exception cref="ImageFormatException">The picture is empty, none, broken or beyond the limits.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <remarks>A JPEG that was cut short is answered from what is there; the overload with a warning says so.</remarks>
    public IReadOnlyList<Prediction> Classify(ImageSource image, int top = 5) => Classify(image, out _, top);

    /// <inheritdoc cref="Classify(ImageSource, int)"/>
    /// <param name="image">A path, a stream, encoded bytes, or raw pixels.</param>
    /// <param name="warning">What a user should know although there is an answer (a JPEG that was cut short), or null: <see cref="ClassifiedImage.Warning"/>.</param>
    /// <param name="top">How many classes.</param>
    public IReadOnlyList<Prediction> Classify(ImageSource image, out string? warning, int top = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        NDArray probabilities = Run(Network.Probabilities, ImageInput.Load(image, out warning, Preprocessing, Limits));
        return Ranking.Top(probabilities.ToArray<float>(), top, Labels);
    }

    /// <summary>A layer's result for one picture.</summary>
    /// <param name="image">A path, a stream, encoded bytes, or raw pixels.</param>
    /// <param name="layer">A layer of <see cref="AlexNet.LayerNames"/>, or prob.</param>
    /// <returns>The layer's shape with a batch of 1: fc7 gives [1, 4096].</returns>
    /// <exception cref="GraphException">There is no such layer.</exception>
    public NDArray Extract(ImageSource image, string layer) => Extract(image, layer, out _);

    /// <inheritdoc cref="Extract(ImageSource, string)"/>
    /// <param name="image">A path, a stream, encoded bytes, or raw pixels.</param>
    /// <param name="layer">A layer of <see cref="AlexNet.LayerNames"/>, or prob.</param>
    /// <param name="warning">What a user should know although there is a result, or null: <see cref="ExtractedFeatures.Warning"/>.</param>
    public NDArray Extract(ImageSource image, string layer, out string? warning) => Run(Network[layer], ImageInput.Load(image, out warning, Preprocessing, Limits));

    /// <summary>Writes the picture with its best classes drawn on it; the format follows the output's extension.</summary>
    /// <param name="image">A path, encoded bytes, or raw pixels.</param>
    /// <param name="outputPath">The picture to write.</param>
    /// <param name="top">How many classes.</param>
    /// <returns>What was drawn.</returns>
    public IReadOnlyList<Prediction> Annotate(ImageSource image, string outputPath, int top = 5)
    {
        IReadOnlyList<Prediction> predictions = Classify(image, top);
        Annotation.Save(image, predictions, outputPath, Limits);
        return predictions;
    }

    /// <inheritdoc cref="ClassifyAsync(IEnumerable{ImageSource}, int, int, CancellationToken)"/>
    /// <param name="paths">The pictures' paths.</param>
    /// <param name="batchSize">How many pictures go through the network together; the answers do not depend on it.</param>
    /// <param name="top">How many classes each.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IAsyncEnumerable<ClassifiedImage> ClassifyAsync(
        IEnumerable<string> paths, int batchSize = 32, int top = 5, CancellationToken cancellationToken = default) =>
        ClassifyAsync(paths.Select(ImageSource.FromFile), batchSize, top, cancellationToken);

    /// <summary>
    /// The best classes for many pictures, in their order. Pictures are decoded ahead on other threads while the network
    /// runs; at most a few batches are in memory. A picture that cannot be used carries its error, and the others go on.
    /// </summary>
    /// <param name="images">The pictures.</param>
    /// <param name="batchSize">How many pictures go through the network together; the answers do not depend on it.</param>
    /// <param name="top">How many classes each.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<ClassifiedImage> ClassifyAsync(
        IEnumerable<ImageSource> images, int batchSize = 32, int top = 5, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        await foreach ((ImageBatchItem item, float[]? values) in RunAsync(Network.Probabilities, images, batchSize, cancellationToken).ConfigureAwait(false))
        {
            IReadOnlyList<Prediction> predictions = values is null ? [] : Ranking.Top(values, top, Labels);
            yield return new ClassifiedImage(item.Request.Source.Name, predictions, item.Warning, item.Error);
        }
    }

    /// <summary>A layer's results for many pictures, in their order; otherwise as <see cref="ClassifyAsync(IEnumerable{ImageSource}, int, int, CancellationToken)"/>.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="layer">A layer of <see cref="AlexNet.LayerNames"/>, or prob.</param>
    /// <param name="batchSize">How many pictures go through the network together; the results do not depend on it.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="GraphException">There is no such layer.</exception>
    public async IAsyncEnumerable<ExtractedFeatures> ExtractAsync(
        IEnumerable<ImageSource> images, string layer, int batchSize = 32, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach ((ImageBatchItem item, float[]? values) in RunAsync(Network[layer], images, batchSize, cancellationToken).ConfigureAwait(false))
        {
            yield return new ExtractedFeatures(item.Request.Source.Name, values, item.Warning, item.Error);
        }
    }

    /// <summary>Frees the network's memory, unless it came by <see cref="FromNetwork"/>.</summary>
    public void Dispose() => owned?.Dispose();

    private static ImageClassifier Build(string? weightsPath, ClassifierOptions options)
    {
        ClassifierNetwork network = ClassifierNetwork.Build(weightsPath, options);
        try
        {
            return new ImageClassifier(network.Net, network.Session, network.Preprocessing, options.Labels, options.Limits, network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    // Each picture's part of a tensor's rows; null for a picture that failed.
    private async IAsyncEnumerable<(ImageBatchItem Item, float[]? Values)> RunAsync(
        Tensor tensor, IEnumerable<ImageSource> images, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipeline = new ImageBatchPipeline(Preprocessing, new ImageBatchOptions { BatchSize = batchSize, Limits = Limits });
        await foreach (ImageBatch batch in pipeline.ReadAsync(images.Select(image => new ImageRequest(image)), cancellationToken).ConfigureAwait(false))
        {
            using ImageBatch held = batch;
            float[] rows = batch.Count == 0 ? [] : Run(tensor, batch.Images, cancellationToken).ToArray<float>();
            int length = batch.Count == 0 ? 0 : rows.Length / batch.Count;
            foreach (ImageBatchItem item in batch.Items)
            {
                yield return (item, item.Error is null ? rows.AsSpan(item.Row * length, length).ToArray() : null);
            }
        }
    }

    private NDArray Run(Tensor tensor, NDArray input, CancellationToken cancellationToken = default)
    {
        var feeds = new Feeds { [Network.Input] = input };
        if (Network.KeepProbNumber is null) feeds[Network.KeepProb] = 1f;
        return Session.Run(tensor, feeds, cancellationToken);
    }
}
