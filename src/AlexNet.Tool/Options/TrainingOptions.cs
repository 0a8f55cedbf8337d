using System.CommandLine;
using System.Globalization;

namespace AlexNetTF.Tool;

/// <summary>What is trained and how; what is left out is as the preset says.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<string> preset = new Option<string>("--preset")
    {
        Description = "What the other options start from: the defaults, or the article's values.",
        DefaultValueFactory = _ => "default",
    }.AcceptOnlyFromAmong("default", "article");

    private readonly Option<string?> layers = new("--layers") { Description = "The layers to train, such as fc7,fc8; fc8 by default." };
    private readonly Option<string?> skip = new("--skip") { Description = "The layers that are not taken from the weights but start anew; the trained ones by default, '' for none." };
    private readonly Option<int?> epochs = new("--epochs") { Description = "How often every picture is seen (20)." };
    private readonly Option<int?> batch = new("--batch") { Description = "Pictures in a step (32)." };
    private readonly Option<float?> rate = new("--lr") { Description = "The learning rate (0.0003)." };
    private readonly Option<string?> optimizer = new Option<string?>("--optimizer") { Description = "The rule of the updates (adam)." }.AcceptOnlyFromAmong("sgd", "momentum", "adam", "rmsprop");
    private readonly Option<string?> schedule = new("--schedule") { Description = "How the rate changes: constant, cosine[:END], linear[:END], exponential[:FACTOR[:STEPS]], piecewise:STEP=FACTOR,…" };
    private readonly Option<float?> keepProb = new("--keep-prob") { Description = "The share of fc6's and fc7's results that dropout keeps (1, so that features can be kept)." };
    private readonly Option<float?> momentum = new("--momentum") { Description = "The share of the last step that goes on (0.9 for momentum, 0 for rmsprop)." };
    private readonly Option<float?> l2 = new("--l2") { Description = "The weight of the penalty on the trained weights' squares (0)." };
    private readonly Option<float?> clipNorm = new("--clip-norm") { Description = "The largest norm of all gradients together; 0 for no limit (0)." };
    private readonly Option<string?> classWeights = new("--class-weights") { Description = "A factor of the loss per class: 'balanced' (by rarity), or numbers in the classes' order, such as 1,2,0.5." };
    private readonly Option<int?> patience = new("--patience") { Description = "End after so many epochs without a better one; 0 for never (0)." };
    private readonly Option<string?> augment = new("--augment") { Description = "Random changes of the pictures: flip, crop, color, comma separated (none)." };
    private readonly Option<string?> folder = new("--output") { Description = "The run's folder, new or empty (run)." };
    private readonly Option<bool> noFeatureCache = new("--no-feature-cache") { Description = "Compute the frozen layers at every step instead of once per picture; the numbers are the same." };
    private readonly Option<int?> checkpointEvery = new("--checkpoint-every") { Description = "Steps between two checkpoints; 0 for after each epoch only (0)." };
    private readonly Option<string?> format = new Option<string?>("--checkpoint-format") { Description = "tf writes TensorFlow's checkpoint files beside the run's own." }.AcceptOnlyFromAmong("native", "tf");
    private readonly Option<bool> keepAll = new("--keep-checkpoints") { Description = "Keep every epoch's checkpoint, not only the last and the best." };

    public static TrainingOptions AddTo(Command command)
    {
        var options = new TrainingOptions();
        foreach (Option option in options.Owned) command.Add(option);
        return options;
    }

    private Option[] Owned =>
    [
        preset, layers, skip, epochs, batch, rate, optimizer, schedule, keepProb, momentum, l2, clipNorm, classWeights, patience, augment, folder, noFeatureCache, checkpointEvery, format, keepAll,
    ];

    /// <summary>The options of a run.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="network">What the run starts from.</param>
    /// <param name="session">Engine and threads.</param>
    public FineTunerOptions Read(ParseResult parsed, NetworkChoice network, SessionOptions session)
    {
        FineTunerOptions start = parsed.GetValue(preset) == "article" ? FineTunerOptions.Article : new FineTunerOptions();
        return start with
        {
            Weights = network.Weights,
            Checkpoint = network.Checkpoint,
            AllowMissingLayers = network.Seed is not null,
            AllowNonFinite = network.AllowNonFinite,
            Topology = network.Topology,
            Preprocessing = network.Preprocessing,
            Seed = network.Seed ?? start.Seed,
            TrainLayers = parsed.GetValue(layers) is { } names ? Names(names) : start.TrainLayers,
            SkipLayers = parsed.GetValue(skip) is { } skipped ? Names(skipped) : start.SkipLayers,
            Epochs = parsed.GetValue(epochs) ?? start.Epochs,
            BatchSize = parsed.GetValue(batch) ?? start.BatchSize,
            LearningRate = parsed.GetValue(rate) ?? start.LearningRate,
            Optimizer = parsed.GetValue(optimizer) is { } rule ? Enum.Parse<OptimizerKind>(rule, ignoreCase: true) : start.Optimizer,
            Schedule = parsed.GetValue(schedule) is { } text ? Usage("--schedule", () => LearningRateSchedule.Parse(text)) : start.Schedule,
            KeepProb = parsed.GetValue(keepProb) ?? start.KeepProb,
            Momentum = parsed.GetValue(momentum) ?? start.Momentum,
            L2 = parsed.GetValue(l2) ?? start.L2,
            ClipNorm = parsed.GetValue(clipNorm) ?? start.ClipNorm,
            Patience = parsed.GetValue(patience) ?? start.Patience,
            Augmentation = parsed.GetValue(augment) is { } changes ? Usage("--augment", () => Augmentation.FromNames(changes)) : start.Augmentation,
            Output = parsed.GetValue(folder) ?? start.Output,
            FeatureCache = !parsed.GetValue(noFeatureCache),
            CheckpointEvery = parsed.GetValue(checkpointEvery) ?? start.CheckpointEvery,
            CheckpointFormat = parsed.GetValue(format) == "tf" ? CheckpointKind.TensorFlow : start.CheckpointFormat,
            KeepAllCheckpoints = parsed.GetValue(keepAll),
            Session = session,
        };
    }

    /// <summary>The class weights, which may depend on how many pictures a class has.</summary>
    public IReadOnlyList<float>? ReadClassWeights(ParseResult parsed, ImageDataset train)
    {
        if (parsed.GetValue(classWeights) is not { } text) return null;
        // n / (k · nᵢ): every class weighs the same in all.
        if (text == "balanced") return [.. Enumerable.Range(0, train.Classes).Select(label => (float)train.Count / (train.Classes * train.CountOf(label)))];
        return [.. text.Split(',').Select(number => float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float weight)
            ? weight
            : throw new UsageException($"--class-weights {text}: use 'balanced', or numbers such as 1,2,0.5"))];
    }

    private static string[] Names(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static T Usage<T>(string option, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (AlexNetException error)
        {
            throw new UsageException($"{option}: {error.Message}");
        }
    }
}
