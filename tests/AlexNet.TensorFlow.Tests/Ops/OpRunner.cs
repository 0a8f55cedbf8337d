using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Runs an op's graph in both engines.</summary>
internal static class OpRunner
{
    /// <summary>The ops that the fetched tensors of a case depend on.</summary>
    public static IEnumerable<string> TypesIn(OpCase item)
    {
        Built built = Build(item, item.Types[0]);
        return built.Inputs.First.SelectMany(Ancestors).Concat(built.Fetches.SelectMany(tensor => Ancestors(tensor.Op))).Select(op => op.Type);
    }

    /// <summary>The operations that a case and its gradients depend on, in the order of their creation.</summary>
    public static (OpInputs Inputs, IReadOnlyList<Operation> Ops) OpsIn(OpCase item, DType type)
    {
        Built built = Build(item, type);
        return (built.Inputs, [.. built.Inputs.First.SelectMany(Ancestors).Concat(built.Fetches.SelectMany(tensor => Ancestors(tensor.Op))).Distinct().OrderBy(op => op.Id)]);
    }

    public static void Check(OpCase item, DType type)
    {
        Built built = Build(item, type);
        List<NDArray> managed = Run(built, new SessionOptions(), item.Runs), tensorflow = Run(built, NeedsTensorFlow.Plain, item.Runs);
        List<NDArray>? wide = type == DType.Float32 && item.Judge != Judge.Exact ? Wide(item) : null;
        for (int i = 0; i < managed.Count; i++)
        {
            Comparison.Check(managed[i], tensorflow[i], wide?[i], item.Judge, $"{built.Fetches[i % built.Fetches.Count]} of run {i / built.Fetches.Count}");
        }
    }

    // In float64, by TensorFlow where it has the op in that type, else by the managed engine.
    private static List<NDArray>? Wide(OpCase item) => item.Types.Contains(DType.Float64)
        ? Run(Build(item, DType.Float64), NeedsTensorFlow.Plain, item.Runs)
        : Run(Build(item, DType.Float64), new SessionOptions(), item.Runs);

    private static Built Build(OpCase item, DType type)
    {
        var inputs = new OpInputs(type);
        IReadOnlyList<Tensor> outputs = item.Build(inputs);
        var fetches = new List<Tensor>(outputs);
        Tensor[] floating = item.Gradients ? [.. outputs.Where(output => output.DType.IsFloating())] : [];
        if (floating.Length > 0 && inputs.Differentiable.Count > 0)
        {
            Tensor[] incoming = [.. floating.Select(output => inputs.IncomingGradient(output, DimsOf(inputs, output)))];
            fetches.AddRange(AlexNetTF.Gradients.Compute(floating, inputs.Differentiable, incoming).OfType<Tensor>());
        }

        return new Built(inputs, fetches);
    }

    private static int[] DimsOf(OpInputs inputs, Tensor output)
    {
        if (output.Shape.IsFullyDefined) return output.Shape.ToArray();
        using var session = new Session(inputs.Graph);
        return NDArrays.DimsOf(session.Run(output, inputs.Feeds));
    }

    private static List<NDArray> Run(Built built, SessionOptions options, int runs)
    {
        using var session = new Session(built.Inputs.Graph, options);
        foreach (Operation first in built.Inputs.First) session.Run(first, built.Inputs.Feeds);
        return [.. Enumerable.Range(0, runs).SelectMany(_ => session.Run([.. built.Fetches], built.Inputs.Feeds))];
    }

    private static IEnumerable<Operation> Ancestors(Operation op)
    {
        var seen = new HashSet<Operation>();
        var open = new Stack<Operation>([op]);
        while (open.TryPop(out Operation? next))
        {
            if (!seen.Add(next)) continue;
            foreach (Tensor input in next.Inputs) open.Push(input.Op);
            foreach (Operation control in next.ControlInputs) open.Push(control);
        }

        return seen;
    }

    private sealed record Built(OpInputs Inputs, IReadOnlyList<Tensor> Fetches);
}
