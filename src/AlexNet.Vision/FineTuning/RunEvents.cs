using NumSharp;

namespace AlexNetTF.FineTuning;

/// <summary>
/// What TensorBoard shows of a run, in the folder <c>tensorboard</c>: the graph, some input pictures, loss, accuracy and
/// learning rate as curves, and per pass histograms of the trained variables and their gradients, under the article's tags.
/// </summary>
internal sealed class RunEvents : IDisposable
{
    public const string Folder = "tensorboard";
    private const int Pictures = 3;
    private readonly FineTunerOptions options;
    private readonly TrainingNetwork network;
    private readonly SummaryWriter writer;
    private readonly GradientAndVariable[] gradients;

    private RunEvents(FineTunerOptions options, TrainingNetwork network, RunData data, TrainingState state)
    {
        this.options = options;
        this.network = network;
        gradients = [.. network.Gradients.Where(pair => pair.Gradient is not null)];
        writer = new SummaryWriter(Path.Combine(options.Output, Folder), network.Graph);
        if (state.Step > 0) writer.AddSessionStart(state.Step + 1);
        else WritePictures(data.Train);
        writer.Flush();
    }

    /// <summary>Opens the events of a run; null where the options ask for none.</summary>
    public static RunEvents? Open(FineTunerOptions options, TrainingNetwork network, RunData data, TrainingState state) =>
        options.TensorBoard ? RunFolder.Guard(options.Output, () => new RunEvents(options, network, data, state)) : null;

    /// <summary>What a step computes in addition: at the end of a pass the gradients.</summary>
    public IEnumerable<Fetch> Fetches(bool endsPass) => endsPass ? gradients.Select(pair => Fetch.Of(pair.Gradient!)) : [];

    /// <summary>Notes a step.</summary>
    /// <param name="step">Its number, from 1.</param>
    /// <param name="loss">The batch's.</param>
    /// <param name="scores">The batch's, a row per picture.</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="fetched">The values of <see cref="Fetches"/>.</param>
    public void Step(long step, float loss, float[] scores, int[] labels, ReadOnlySpan<NDArray?> fetched)
    {
        if (step % options.LogEvery == 0)
        {
            writer.AddScalar("cross_entropy", loss, step);
            writer.AddScalar("accuracy", (float)Right(scores, labels) / labels.Length, step);
        }

        // A run that diverges is stopped by its loss; a gradient alone that is no number has no histogram.
        for (int i = 0; i < fetched.Length; i++) writer.TryAddHistogram($"{TagOf(gradients[i].Variable)}/gradient", fetched[i]!, step);
    }

    /// <summary>Notes the end of a pass.</summary>
    public void Epoch(EpochMetrics epoch)
    {
        writer.AddScalar("learning_rate", (float)epoch.LearningRate, epoch.Step);
        if (epoch.Validation is { } score)
        {
            writer.AddScalar("validation/cross_entropy", (float)score.Loss, epoch.Step);
            writer.AddScalar("validation/accuracy", (float)score.Top1, epoch.Step);
        }

        VariableValues.Use(network.Session, network.Trained, values =>
        {
            for (int i = 0; i < values.Count; i++) writer.TryAddHistogram(TagOf(network.Trained[i]), values[i].Span, epoch.Step);
        });
        writer.Flush();
    }

    public void Dispose() => writer.Dispose();

    // TensorFlow makes "fc8/weights:0" a name that TensorBoard takes.
    private static string TagOf(Variable variable) => variable.Name.Replace(':', '_');

    private static int Right(float[] scores, int[] labels)
    {
        int classes = scores.Length / labels.Length, right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = scores.AsSpan(i * classes, classes);
            if (System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row) == labels[i]) right++;
        }

        return right;
    }

    private void WritePictures(ImageDataset data)
    {
        for (int i = 0; i < Math.Min(Pictures, data.Count); i++)
        {
            NDArray picture = ImageInput.Load(data.Items[i].Path, options.Input);
            writer.AddImage($"input/image/{i}", ToPixels(picture.ToArray<float>(), options.Input), options.Input.Height, options.Input.Width, 3, 0);
        }
    }

    // The network's input back to red, green, blue: (x·std + mean)·divisor.
    private static byte[] ToPixels(float[] values, Preprocessing preprocessing)
    {
        double[] mean = [preprocessing.Mean.First, preprocessing.Mean.Second, preprocessing.Mean.Third];
        double[] std = [preprocessing.Std.First, preprocessing.Std.Second, preprocessing.Std.Third];
        var pixels = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i % 3, place = preprocessing.Channels == ChannelOrder.Bgr ? i - channel + (2 - channel) : i;
            pixels[place] = (byte)Math.Clamp(Math.Round(((values[i] * std[channel]) + mean[channel]) * preprocessing.Divisor), 0, 255);
        }

        return pixels;
    }
}
