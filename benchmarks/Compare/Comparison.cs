namespace AlexNetTF.Benchmarks;

/// <summary>All rows in their order.</summary>
internal sealed class Comparison(int runs, Action<string> note)
{
    private static IEnumerable<string> Names =>
        ["batch-1", "batch-1-int8", "batch-2", "batch-4", "batch-8", "batch-16", "batch-32", "batch-128", "step-all", "step-fc", "tune-cached", "cold", "memory", "step-memory", "folder"];

    /// <summary>Refuses names that no row has.</summary>
    public static void Require(IEnumerable<string> names)
    {
        foreach (string name in names.Except(Names)) throw new ArgumentException($"There is no row {name}; there are {string.Join(", ", Names)}.");
    }

    public IEnumerable<Row> Rows(string[] wanted)
    {
        bool Asked(string name) => wanted.Length == 0 || wanted.Contains(name);
        bool tensorFlow = TensorFlowLibrary.IsAvailable(out string problem);
        note(tensorFlow ? $"TensorFlow {TensorFlowLibrary.Version}, all cores" : $"no TensorFlow: {problem}");
        note($"ONNX Runtime {typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version}, all optimisations, all cores");

        using (var sides = new Sides(tensorFlow, note))
        {
            foreach (string name in Names.Where(name => (name.StartsWith("batch", StringComparison.Ordinal) || name is "step-all" or "step-fc") && Asked(name)))
                yield return sides.Compare(name, runs);
        }

        if (Asked("tune-cached")) yield return FineTuning.Compare(tensorFlow);
        if (Asked("cold")) yield return Processes.FirstAnswer(Math.Min(runs, 5));
        if (Asked("memory")) yield return Processes.Memory();
        if (Asked("step-memory")) yield return Processes.StepMemory(tensorFlow);
        if (Asked("folder")) yield return Folder.Compare(pictures: 2000);
    }
}
