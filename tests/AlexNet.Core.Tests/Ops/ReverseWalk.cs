namespace AlexNetTF.Tests.Ops;

/// <summary>Gradients by the ops' own functions alone, without the names and helper nodes of the gradient engine.</summary>
internal static class ReverseWalk
{
    /// <summary>The gradients of xs for given gradients of ys; null where no path leads.</summary>
    public static Tensor?[] Gradients(Tensor[] ys, Tensor[] xs, Tensor[] gradYs)
    {
        Graph graph = ys[0].Graph;
        HashSet<Operation> between = Between(graph, xs);
        var sums = new Dictionary<Tensor, List<Tensor>>();
        for (int i = 0; i < ys.Length; i++) Add(ys[i], gradYs[i]);
        foreach (Operation op in graph.Operations.Reverse().ToArray())
        {
            if (!between.Contains(op) || !op.Outputs.Any(sums.ContainsKey) || xs.Any(x => x.Op == op)) continue;
            if (op.Def.Gradient.IsError) throw new GraphException($"{op} has no gradient: {op.Def.Gradient.Reason}.");
            if (op.Def.Gradient.Function is not { } function) continue;
            using NameScope scope = graph.NameScope($"gradients/{op.Name}_grad");
            IReadOnlyList<Tensor?> found = function(op, [.. op.Outputs.Select(output => Sum(output) ?? (output.DType.IsFloating() ? ArrayOps.ZerosLike(output) : output))]);
            Assert.That(found, Has.Count.EqualTo(op.Inputs.Count), $"gradients of {op}");
            for (int i = 0; i < found.Count; i++)
            {
                if (found[i] is { } gradient && op.Inputs[i].DType.IsFloating()) Add(op.Inputs[i], gradient);
            }
        }

        return Array.ConvertAll(xs, Sum);

        void Add(Tensor tensor, Tensor gradient)
        {
            if (!sums.TryGetValue(tensor, out List<Tensor>? list)) sums.Add(tensor, list = []);
            list.Add(gradient);
        }

        Tensor? Sum(Tensor tensor) => !sums.TryGetValue(tensor, out List<Tensor>? list)
            ? null
            : list.Count == 1 ? list[0] : MathOps.AddN(list);
    }

    private static HashSet<Operation> Between(Graph graph, Tensor[] xs)
    {
        var reached = new HashSet<Operation>(xs.Select(x => x.Op));
        foreach (Operation op in graph.Operations)
        {
            if (op.Inputs.Any(input => reached.Contains(input.Op))) reached.Add(op);
        }

        return reached;
    }
}
