using AlexNetTF.Classification;
using AlexNetTF.Datasets;
using AlexNetTF.FineTuning;
using AlexNetTF.Imaging;

namespace AlexNetTF;

/// <content>Classifiers from checkpoints, and how good they are.</content>
public sealed partial class ImageClassifier
{
    /// <summary>The classifier that a fine-tuner has trained; topology, classes, labels and preprocessing are the run's.</summary>
    /// <param name="path">A run's folder (its best checkpoint), or the folder of one checkpoint within its run.</param>
    /// <param name="session">Engine, threads, precision.</param>
    /// <exception cref="FileFormatException">There is no checkpoint, or a file is missing, changed or damaged.</exception>
    public static ImageClassifier FromCheckpoint(string path, SessionOptions? session = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckpointFolder checkpoint = CheckpointFolder.Find(path);
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, checkpoint.Preprocessing.Height, checkpoint.Preprocessing.Width, 3), "x");
        Tensor keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        Labels labels = checkpoint.Labels;
        var net = new AlexNet(x, keepProb, labels.Count, weightsPath: path, topology: checkpoint.Topology);
        var opened = new Session(graph, session);
        try
        {
            string[] missing = checkpoint.LoadInto(opened, graph.GlobalVariables());
            if (missing.Length > 0) throw new FileFormatException(checkpoint.Path, $"it has no values for {string.Join(", ", missing)}; it is not AlexNet's.");
            return new ImageClassifier(net, opened, checkpoint.Preprocessing, labels, ImageLimits.Default, new ClassifierNetwork(net, opened, checkpoint.Preprocessing, null));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Judges the classifier by pictures whose classes are known.</summary>
    /// <param name="data">The pictures; their classes must be the classifier's, in its order.</param>
    /// <param name="batchSize">How many pictures go through the network together; the result does not depend on it.</param>
    /// <param name="progress">Told after each batch how many pictures are done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AlexNetException">The data set has more classes than the classifier.</exception>
    /// <exception cref="DatasetException">A picture cannot be read.</exception>
    public async Task<Evaluation> EvaluateAsync(ImageDataset data, int batchSize = 32, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Classes > Labels.Count) throw new AlexNetException($"The data set has {data.Classes} classes, the classifier {Labels.Count}. Use the data that belongs to these weights, or its labels.");
        var sum = new EvaluationSum(Labels);
        int done = 0;
        AugmentedItem[] items = [.. Enumerable.Range(0, data.Count).Select(index => new AugmentedItem(index, Mirror: false))];
        await foreach (ImageBatch batch in data.ReadAsync(items, batchSize, Preprocessing, cancellationToken).ConfigureAwait(false))
        {
            using ImageBatch held = batch;
            float[] scores = Run(Network.Fc8, batch.Images, cancellationToken).ToArray<float>();
            foreach (ImageBatchItem item in batch.Items) sum.Add(scores.AsSpan(item.Row * Labels.Count, Labels.Count), data.Items[item.Request.Tag]);
            progress?.Report(done += batch.Count);
        }

        return sum.ToEvaluation();
    }
}
