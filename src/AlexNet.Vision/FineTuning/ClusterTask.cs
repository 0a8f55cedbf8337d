namespace AlexNetTF;

/// <summary>A worker of a cluster with the jobs <c>ps</c> (parameter servers) and <c>worker</c>. Worker 0 is the chief.</summary>
/// <param name="Cluster">All processes, the same for each.</param>
/// <param name="Worker">This worker's number, from 0.</param>
public sealed record ClusterTask(TensorFlowCluster Cluster, int Worker)
{
    /// <summary>How long to wait for the parameter servers, and then for the chief's first values.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The number of workers.</summary>
    internal int Workers => Cluster.Jobs[FineTuning.ClusterPlacement.Workers].Count;

    /// <summary>The addresses of the parameter servers.</summary>
    internal IReadOnlyList<string> Servers => Cluster.Jobs[FineTuning.ClusterPlacement.Servers];

    /// <summary>This, or the error that says what is missing.</summary>
    internal ClusterTask Validated()
    {
        foreach (string job in (string[])[FineTuning.ClusterPlacement.Servers, FineTuning.ClusterPlacement.Workers])
        {
            if (!Cluster.Jobs.TryGetValue(job, out IReadOnlyList<string>? tasks) || tasks.Count == 0)
            {
                throw new AlexNetException($"The cluster has no task of job '{job}'; fine-tuning needs {{\"ps\": [\"host:port\", …], \"worker\": [\"host:port\", …]}}. It has {string.Join(", ", Cluster.Jobs.Keys)}.");
            }
        }

        _ = Cluster.AddressOf(FineTuning.ClusterPlacement.Workers, Worker);
        return this;
    }
}

/// <summary>What a worker has done in a cluster.</summary>
/// <param name="Worker">Its number.</param>
/// <param name="Steps">Its own steps.</param>
/// <param name="GlobalStep">The steps of all workers when it ended.</param>
/// <param name="Run">The run, as the chief has recorded it; null for the other workers.</param>
public sealed record ClusterResult(int Worker, long Steps, long GlobalStep, FineTuningResult? Run);
