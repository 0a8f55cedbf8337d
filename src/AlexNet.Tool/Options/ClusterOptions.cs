using System.CommandLine;

namespace AlexNetTF.Tool;

/// <summary>Which process of a cluster this one is.</summary>
internal sealed class ClusterOptions
{
    public const string Servers = "ps", Workers = "worker";
    private readonly Option<string?> cluster = new("--cluster") { Description = "Train in several processes on TensorFlow: a JSON file {\"ps\": [\"host:port\"], \"worker\": [\"host:port\", …]}." };
    private readonly Option<string?> job = new("--job") { Description = "This process's job in the cluster: ps (serves variables until stopped) or worker (0 is the chief, which keeps the run's folder)." };
    private readonly Option<int?> task = new("--task") { Description = "Its number in the job, from 0." };
    private readonly Option<int> wait = new("--wait") { Description = "Seconds that a worker waits for the parameter servers, and for the chief.", DefaultValueFactory = _ => 300 };

    private Option[] Owned => [cluster, job, task, wait];

    public static ClusterOptions AddTo(Command command)
    {
        var options = new ClusterOptions();
        foreach (Option option in options.Owned) command.Add(option);
        return options;
    }

    /// <summary>Whether an option is one of these.</summary>
    public bool Has(Option option) => Owned.Contains(option);

    /// <summary>What was chosen; null without a cluster.</summary>
    /// <exception cref="FileFormatException">The cluster's file is something else.</exception>
    public ClusterChoice? Read(ParseResult parsed)
    {
        if (parsed.GetValue(cluster) is not { } path)
        {
            if (Owned.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } alone) throw new UsageException($"{alone.Name} needs --cluster FILE");
            return null;
        }

        TensorFlowCluster all = TensorFlowCluster.Load(path);
        string name = parsed.GetValue(job) ?? throw new UsageException("--cluster needs --job ps or --job worker");
        if (name is not (Servers or Workers)) throw new UsageException($"--job {name}: use ps or worker");
        int number = parsed.GetValue(task) ?? throw new UsageException($"--cluster needs --task, the process's number in job {name}, from 0");
        RequireTask(all, name, number);
        int seconds = parsed.GetValue(wait);
        if (seconds < 0) throw new UsageException($"--wait {seconds} must be 0 or more");
        return new ClusterChoice(all, name, number, TimeSpan.FromSeconds(seconds));
    }

    private static void RequireTask(TensorFlowCluster cluster, string job, int task)
    {
        try
        {
            cluster.AddressOf(job, task);
        }
        catch (AlexNetException error)
        {
            throw new UsageException($"--job {job} --task {task}: {error.Message}");
        }
    }
}

/// <summary>A task of a cluster.</summary>
internal sealed record ClusterChoice(TensorFlowCluster Cluster, string Job, int Task, TimeSpan Patience)
{
    public bool IsServer => Job == ClusterOptions.Servers;

    public ClusterTask Worker => new(Cluster, Task) { Patience = Patience };
}
