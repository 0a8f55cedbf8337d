using AlexNetTF.Execution;

namespace AlexNetTF.FineTuning;

/// <summary>Finds the tensors at which everything that training changes begins.</summary>
internal static class FrozenPrefix
{
    /// <summary>
    /// An op is tainted where it is a variable that the targets write, a random op, a placeholder other than the pictures
    /// (keep_prob differs between training and judging), or reads what a tainted op gives. The
    /// tensors that depend on the pictures alone and that tainted ops read are the frontier: fed with their values, the
    /// targets need no picture.
    /// </summary>
    /// <param name="input">The pictures.</param>
    /// <param name="targets">All that will be run.</param>
    /// <returns>The frontier in the order of the graph; empty where a tainted op reads the pictures themselves.</returns>
    public static IReadOnlyList<Tensor> Find(Tensor input, IReadOnlyList<Fetch> targets)
    {
        List<Operation> ops = Pruning.Prune([.. targets], new HashSet<Tensor> { input });
        HashSet<Operation> tainted = Tainted(ops, input), dependent = [input.Op];
        foreach (Operation op in ops)
        {
            if (op.Inputs.Any(tensor => dependent.Contains(tensor.Op))) dependent.Add(op);
        }

        var frontier = new HashSet<Tensor>();
        var open = new Stack<Tensor>(ops.Where(tainted.Contains).SelectMany(op => op.Inputs));
        var seen = new HashSet<Tensor>();
        while (open.TryPop(out Tensor? tensor))
        {
            if (tainted.Contains(tensor.Op) || !dependent.Contains(tensor.Op) || !seen.Add(tensor)) continue;
            if (tensor == input) return [];
            if (IsPerPicture(tensor)) frontier.Add(tensor);
            else foreach (Tensor source in tensor.Op.Inputs) open.Push(source);
        }

        return [.. frontier.OrderBy(tensor => tensor.Op.Id).ThenBy(tensor => tensor.Index)];
    }

    private static HashSet<Operation> Tainted(List<Operation> ops, Tensor input)
    {
        HashSet<Operation> tainted = [.. ops.SelectMany(op => op.Def.WrittenInputs.Select(index => op.Inputs[index].Op))];
        foreach (Operation op in ops)
        {
            bool random = op.Def.IsStateful && !op.Def.IsVariable, fed = op.Def.MustBeFed && op != input.Op;
            if (random || fed || op.Inputs.Any(tensor => tainted.Contains(tensor.Op))) tainted.Add(op);
        }

        return tainted;
    }

    // A shape or size that is computed from a tensor has no row for each picture: the tensor itself is kept instead.
    private static bool IsPerPicture(Tensor tensor) => tensor.DType == DType.Float32 && tensor.Shape.HasRank && tensor.Shape.Rank > 0
        && tensor.Shape[0] is null && Enumerable.Range(1, tensor.Shape.Rank - 1).All(axis => tensor.Shape[axis] is not null);
}
