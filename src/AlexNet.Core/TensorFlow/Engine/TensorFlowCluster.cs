using System.Text.Json;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF;

/// <summary>The processes of a cluster: for every job (<c>ps</c>, <c>worker</c>) the addresses of its tasks, <c>host:port</c>.</summary>
public sealed class TensorFlowCluster
{
    private readonly SortedDictionary<string, IReadOnlyList<string>> jobs = new(StringComparer.Ordinal);

    /// <summary>A cluster of these jobs.</summary>
    /// <param name="jobs">Job → addresses in the order of its tasks.</param>
    /// <exception cref="AlexNetException">There is no job, or an address is not <c>host:port</c>.</exception>
    public TensorFlowCluster(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        foreach ((string job, IReadOnlyList<string> tasks) in jobs)
        {
            if (tasks.FirstOrDefault(task => !IsAddress(task)) is { } wrong) throw new AlexNetException($"Job '{job}' of the cluster has the address '{wrong}'; an address is host:port.");
            this.jobs.Add(job, [.. tasks]);
        }

        if (this.jobs.Count == 0) throw new AlexNetException("A cluster needs at least one job with the addresses of its tasks.");
    }

    /// <summary>Job → addresses in the order of its tasks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Jobs => jobs;

    /// <summary>Reads a cluster from a JSON file: <c>{"ps": ["10.0.0.1:2222"], "worker": ["10.0.0.2:2222", "10.0.0.3:2222"]}</c>.</summary>
    /// <exception cref="FileFormatException">The file is something else.</exception>
    /// <exception cref="InputFileException">It is missing or cannot be read.</exception>
    public static TensorFlowCluster Load(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(InputFile.ReadAllBytes(path, "cluster file"));
            return new TensorFlowCluster(document.RootElement.EnumerateObject().Select(job => KeyValuePair.Create<string, IReadOnlyList<string>>(
                job.Name, [.. job.Value.EnumerateArray().Select(task => task.GetString() ?? "")])));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException || (error is AlexNetException and not InputFileException))
        {
            throw new FileFormatException(path, $"it is no cluster, {{\"job\": [\"host:port\", …]}}: {error.Message}", error);
        }
    }

    /// <summary>The address of a task.</summary>
    /// <exception cref="AlexNetException">The cluster has no such task.</exception>
    public string AddressOf(string job, int task) => jobs.TryGetValue(job, out IReadOnlyList<string>? tasks) && task >= 0 && task < tasks.Count
        ? tasks[task]
        : throw new AlexNetException($"The cluster has no task {task} of job '{job}'. It has {string.Join(", ", jobs.Select(item => $"{item.Key} 0 to {item.Value.Count - 1}"))}.");

    internal ClusterDef ToProto()
    {
        var cluster = new ClusterDef();
        foreach ((string job, IReadOnlyList<string> tasks) in jobs)
        {
            var definition = new JobDef { Name = job };
            for (int i = 0; i < tasks.Count; i++) definition.Tasks.Add(i, tasks[i]);
            cluster.Job.Add(definition);
        }

        return cluster;
    }

    private static bool IsAddress(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out ushort port) && port > 0;
    }
}
