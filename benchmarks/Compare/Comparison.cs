namespace AlexNetTF.Benchmarks;

/// <summary>All rows in their order.</summary>
internal sealed class Comparison(int runs, Action<string> note)
{
    private static readonly int[] s_batches = [1, 2, 4, 8, 16, 32, 128];

    private static IEnumerable<string> Names =>
        ["batch-1", "batch-1-int8", .. s_batches[1..].Select(batch => $"batch-{batch}"), "step-all", "step-fc", "tune-cached", "cold", "memory", "step-memory", "folder"];

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

        if (Names.Any(name => name.StartsWith("batch", StringComparison.Ordinal) && Asked(name)))
        {
            using var networks = new Networks(tensorFlow);
            foreach (int batch in s_batches)
            {
                if (Asked($"batch-{batch}")) yield return networks.Compare($"batch-{batch}", batch, runs, bytes: false);
                if (batch == 1 && Asked("batch-1-int8")) yield return networks.Compare("batch-1-int8", batch, runs, bytes: true);
            }
        }

        foreach (string name in Names.Where(name => (name is "step-all" or "step-fc") && Asked(name))) yield return Training.Step(name, Math.Min(runs, 5), tensorFlow);
        if (Asked("tune-cached")) yield return Training.FineTuning(tensorFlow);
        if (Asked("cold")) yield return Processes.FirstAnswer(Math.Min(runs, 5));
        if (Asked("memory")) yield return Processes.Memory();
        if (Asked("step-memory")) yield return Processes.StepMemory(tensorFlow);
        if (Asked("folder")) yield return Folder.Compare(pictures: 2000);
    }
}
