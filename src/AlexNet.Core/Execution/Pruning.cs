namespace AlexNetTF.Execution;

/// <summary>First stage: which operations a run needs.</summary>
internal static class Pruning
{
    /// <summary>
    /// The operations that the fetches depend on, in the order of creation, which is a topological one. The walk stops
    /// at fed tensors.
    /// </summary>
    public static List<Operation> Prune(ReadOnlySpan<Fetch> fetches, IReadOnlySet<Tensor> fed)
    {
        var needed = new HashSet<Operation>();
        var open = new Stack<Operation>();
        foreach (Fetch fetch in fetches)
        {
            if (fetch.Tensor is null || !fed.Contains(fetch.Tensor)) open.Push(fetch.Op);
        }

        while (open.TryPop(out Operation? op))
        {
            if (!needed.Add(op)) continue;
            foreach (Tensor input in op.Inputs)
            {
                if (!fed.Contains(input)) open.Push(input.Op);
            }

            // Feeding a placeholder is all that waiting for it asks for.
            foreach (Operation control in op.ControlInputs)
            {
                if (!control.Def.MustBeFed || !fed.Contains(control.Output)) open.Push(control);
            }
        }

        return [.. needed.OrderBy(op => op.Id)];
    }
}
