namespace AlexNetTF.FineTuning;

/// <summary>The training pictures of one worker: those whose place in the list, modulo the number of workers, is its number.</summary>
internal sealed class ClusterShare
{
    /// <param name="all">All training pictures, in the same order for every worker.</param>
    /// <param name="task">The worker.</param>
    /// <param name="options">The run's options.</param>
    /// <exception cref="FineTuningException">There are fewer pictures than workers.</exception>
    public ClusterShare(ImageDataset all, ClusterTask task, FineTunerOptions options)
    {
        if (all.Count < task.Workers) throw new FineTuningException($"{all.Count} training pictures are too few for {task.Workers} workers: each needs at least one. Take fewer workers.");
        Train = new ImageDataset("share", [.. all.Items.Where((_, i) => i % task.Workers == task.Worker)], all.Labels);
        StepsPerEpoch = Enumerable.Range(0, task.Workers).Sum(worker => Batches((all.Count - worker + task.Workers - 1) / task.Workers));
        FeatureFile = task.Worker == 0
            ? Path.Combine(options.Output, "features-train.tmp")
            : Path.Combine(Path.GetTempPath(), $"alexnet-features-{Guid.NewGuid():N}.tmp");

        long Batches(int pictures) => (pictures + options.BatchSize - 1) / options.BatchSize;
    }

    /// <summary>The worker's pictures.</summary>
    public ImageDataset Train { get; }

    /// <summary>The steps of all workers in which each picture is seen once.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>The file for features that do not fit into memory.</summary>
    public string FeatureFile { get; }
}
