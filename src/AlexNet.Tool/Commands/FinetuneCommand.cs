using System.CommandLine;
using System.CommandLine.Parsing;

namespace AlexNetTF.Tool;

/// <summary>alexnet finetune: trains layers on one's own pictures, or goes on with a run that was cut off.</summary>
internal sealed class FinetuneCommand
{
    private readonly Option<string?> train = new("--train") { Description = "The pictures to learn from. " + DataOption.Description };
    private readonly Option<string?> validation = new("--val") { Description = "Pictures to judge every epoch by, as --train." };
    private readonly Option<double?> split = new("--split") { Description = "Judge by this share of every class of --train instead, such as 0.2." };
    private readonly Option<string?> resume = new("--resume") { Description = "Go on with the run of this folder; its options are taken from there." };
    private readonly NetworkOptions network;
    private readonly TrainingOptions training;
    private readonly ClusterOptions cluster;
    private readonly EngineOptions engine;
    private readonly OutputOptions output;

    private FinetuneCommand(Command command)
    {
        command.Add(train);
        command.Add(validation);
        command.Add(split);
        network = NetworkOptions.AddTo(command, " It decides the order of the pictures, augmentation and dropout too (1).");
        training = TrainingOptions.AddTo(command);
        command.Add(resume);
        cluster = ClusterOptions.AddTo(command);
        engine = EngineOptions.AddTo(command);
        output = OutputOptions.AddTo(command, lines: true);
        command.SetAction(RunAsync);
    }

    public static Command Create()
    {
        var command = new Command(
            "finetune",
            """
            Trains layers on your own pictures. The run's folder holds checkpoints, metrics, options and report.html;
            'alexnet classify PATH --checkpoint RUN' uses it.

            Examples:
              alexnet finetune --train pictures/ --split 0.2 --weights bvlc_alexnet.npy --output run
              alexnet finetune --train train.txt --val val.txt --weights bvlc_alexnet.npy --layers fc7,fc8 --augment flip
              alexnet finetune --resume run
              alexnet finetune --cluster cluster.json --job ps --task 0
              alexnet finetune --cluster cluster.json --job worker --task 1 --train pictures/ --weights bvlc_alexnet.npy
            """);
        _ = new FinetuneCommand(command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OutputChoice choice = output.Read(parsed);
        ClusterChoice? node = cluster.Read(parsed);
        SessionOptions session = engine.Read(parsed, inCluster: node is not null);
        if (node is { IsServer: true }) return await ServeAsync(node, session, choice, cancellation);
        string? resumed = parsed.GetValue(resume);
        if (resumed is not null) RequireAlone(parsed);
        using var watcher = new TrainingWatcher(choice);
        FineTuningResult? result;
        if (node is not null)
        {
            ClusterResult part = await TakePartAsync(parsed, choice, node, session, watcher, cancellation);
            result = part.Run;
            if (result is null) Print(part, choice);
        }
        else
        {
            result = resumed is not null
                ? await InFolderAsync(resumed, () => FineTuner.ResumeAsync(resumed, engine.AreGiven(parsed) ? session : null, watcher, cancellation))
                : await StartAsync(parsed, choice, session, watcher, cancellation);
        }

        watcher.Finish();
        if (result is null) return ExitCode.Done;
        if (choice.Json) Json.Print(TrainingJson.Result(result));
        else if (choice.ForPeople) Print(result);
        return ExitCode.Done;
    }

    // The server's threads are TensorFlow's; stopping is the process's end.
    private static async Task<int> ServeAsync(ClusterChoice node, SessionOptions session, OutputChoice choice, CancellationToken cancellation)
    {
        TensorFlowServer server = TensorFlowServer.Start(node.Cluster, node.Job, node.Task, session with { Device = "cpu" });
        if (!choice.Quiet) Console.Error.WriteLine($"parameter server {node.Task} serves on {server.Target}; Ctrl-C ends it");
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Done;
    }

    private async Task<ClusterResult> TakePartAsync(ParseResult parsed, OutputChoice choice, ClusterChoice node, SessionOptions session, TrainingWatcher watcher, CancellationToken cancellation)
    {
        if (parsed.GetValue(resume) is { } resumed) return await InFolderAsync(resumed, () => ClusterFineTuner.ResumeAsync(resumed, node.Worker, session, watcher, cancellation));
        (FineTunerOptions options, ImageDataset trained, ImageDataset? judged) = ReadRun(parsed, choice, session);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await new ClusterFineTuner(options, node.Worker).RunAsync(trained, judged, watcher, cancellation);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException("interrupted; the parameter servers hold the run. Go on with the same command", error);
        }
    }

    private async Task<FineTuningResult> StartAsync(ParseResult parsed, OutputChoice choice, SessionOptions session, TrainingWatcher watcher, CancellationToken cancellation)
    {
        (FineTunerOptions options, ImageDataset trained, ImageDataset? judged) = ReadRun(parsed, choice, session);
        cancellation.ThrowIfCancellationRequested();
        return await InFolderAsync(options.Output, () => new FineTuner(options).RunAsync(trained, judged, watcher, cancellation));
    }

    private (FineTunerOptions Options, ImageDataset Train, ImageDataset? Validation) ReadRun(ParseResult parsed, OutputChoice choice, SessionOptions session)
    {
        NetworkChoice start = network.Read(parsed);
        FineTunerOptions options = training.Read(parsed, start, session);
        (ImageDataset trained, ImageDataset? judged) = ReadData(parsed, start, options.Seed);
        if (choice.ForPeople && !choice.Quiet)
        {
            Console.Error.WriteLine($"{trained.Count} pictures of {trained.Classes} classes to learn from, {judged?.Count ?? 0} to judge by; training {string.Join(", ", options.TrainLayers)}");
        }

        return (options with { ClassWeights = training.ReadClassWeights(parsed, trained) }, trained, judged);
    }

    private (ImageDataset Train, ImageDataset? Validation) ReadData(ParseResult parsed, NetworkChoice start, long seed)
    {
        string path = parsed.GetValue(train) ?? throw new UsageException("name the pictures to learn from with --train, or a run to go on with by --resume");
        string? judge = parsed.GetValue(validation);
        double? share = parsed.GetValue(split);
        if (judge is not null && share is not null) throw new UsageException("--val and --split exclude each other");
        if (share is not null and not (> 0 and < 1)) throw new UsageException($"--split {share} must be above 0 and below 1");
        ImageDataset data = DataOption.Read(path, start.Labels, start.Classes, allowEmptyClasses: false);
        if (share is not null) return data.Split(share.Value, seed);
        return (data, judge is null ? null : DataOption.Read(judge, data.Labels, null, allowEmptyClasses: true));
    }

    private void RequireAlone(ParseResult parsed)
    {
        foreach (OptionResult given in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (given.Implicit || given.Option == resume || engine.Has(given.Option) || cluster.Has(given.Option) || output.Has(given.Option)) continue;
            throw new UsageException($"--resume takes every option from the run's folder: leave {given.Option.Name} out");
        }
    }

    private static async Task<T> InFolderAsync<T>(string folder, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException error)
        {
            bool canResume = File.Exists(Path.Combine(folder, "checkpoints.json"));
            throw new OperationCanceledException(canResume ? $"interrupted; the run is saved. Go on with: alexnet finetune --resume {Quoted(folder)}" : "interrupted before the first checkpoint; start the run anew", error);
        }
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;

    private static void Print(ClusterResult part, OutputChoice choice)
    {
        if (!choice.ForPeople) Json.Print(TrainingJson.Result(part));
        else Console.Out.WriteLine($"worker {part.Worker}: {part.Steps} steps of its own, all workers {part.GlobalStep}; worker 0 keeps the run's folder");
    }

    private static void Print(FineTuningResult result)
    {
        if (result.StoppedEarly) Console.Out.WriteLine($"ended after {result.Last.Epoch} epochs: none was better than {result.Best.Epoch}");
        Console.Out.WriteLine($"best epoch {result.Best.Epoch}: {TrainingWatcher.Describe(result.Best.Judged)}");
        Console.Out.WriteLine($"run {result.Output}, report {Path.Combine(result.Output, "report.html")}");
    }
}
