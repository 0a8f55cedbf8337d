using AlexNetTF.Execution;

namespace AlexNetTF.TensorFlow;

/// <summary>A new graph of what some outputs need; names stay, and some tensors become constants.</summary>
internal static class GraphCopy
{
    /// <param name="outputs">Tensors to keep.</param>
    /// <param name="constants">What becomes a constant, with its value: variables, or placeholders that always get the same.</param>
    /// <param name="replaced">Tensors for which those that read them read others; null for none.</param>
    public static Graph Of(IReadOnlyList<Tensor> outputs, IReadOnlyDictionary<Tensor, TensorData> constants, IReadOnlyDictionary<Tensor, Tensor>? replaced = null)
    {
        var copy = new Graph();
        var made = new Dictionary<Operation, Operation>();
        foreach (Operation op in Needed(outputs, constants, replaced ?? new Dictionary<Tensor, Tensor>()))
        {
            bool isConstant = op.Outputs.Count == 1 && constants.ContainsKey(op.Output);
            OpDef def = isConstant ? new ConstOp(constants[op.Output]) : op.Def;
            Tensor[] inputs = isConstant ? [] : [.. op.Inputs.Select(input => Resolve(input, replaced)).Select(input => made[input.Op].Outputs[input.Index])];
            Operation[] controls = [.. op.ControlInputs.Where(made.ContainsKey).Select(control => made[control])];
            Operation twin = copy.AddOperation(new NodePlace(op.Name, op.Device, op.ColocatedWith), def, inputs, controls);
            made.Add(op, twin);
            foreach (Tensor output in op.Outputs.Where(output => output.Shape.IsCompatibleWith(twin.Outputs[output.Index].Shape))) twin.Outputs[output.Index].SetShape(output.Shape);
        }

        return copy;
    }

    // A constant that nothing reads any more goes too.
    private static IEnumerable<Operation> Needed(IReadOnlyList<Tensor> outputs, IReadOnlyDictionary<Tensor, TensorData> constants, IReadOnlyDictionary<Tensor, Tensor> replaced)
    {
        HashSet<Tensor> ends = [.. constants.Keys, .. replaced.Keys];
        List<Operation> needed = Pruning.Prune([.. outputs.Concat(replaced.Keys.Select(tensor => Resolve(tensor, replaced))).Select(Fetch.Of)], ends);
        HashSet<Tensor> read = [.. needed.SelectMany(op => op.Inputs).Select(input => Resolve(input, replaced)), .. outputs];
        return needed.Concat(constants.Keys.Where(read.Contains).Select(tensor => tensor.Op)).Distinct().OrderBy(op => op.Id);
    }

    private static Tensor Resolve(Tensor tensor, IReadOnlyDictionary<Tensor, Tensor>? replaced)
    {
        while (replaced is not null && replaced.TryGetValue(tensor, out Tensor? other)) tensor = other;
        return tensor;
    }

    /// <summary>The values that variables have in a session.</summary>
    public static Dictionary<Tensor, TensorData> Values(Session session, IReadOnlyList<Tensor> outputs, IReadOnlySet<Tensor> fed)
    {
        Tensor[] variables = [.. Pruning.Prune([.. outputs.Select(Fetch.Of)], fed).Where(op => op.Def.IsVariable).Select(op => op.Output)];
        if (variables.Length == 0) return [];
        return variables.Zip(session.Run(variables)).ToDictionary(pair => pair.First, pair => TensorData.From(pair.Second));
    }
}
