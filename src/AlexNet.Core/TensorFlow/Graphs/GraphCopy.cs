using AlexNetTF.Execution;

namespace AlexNetTF.TensorFlow;

/// <summary>A new graph of what some outputs need; names stay, and some tensors become constants.</summary>
internal static class GraphCopy
{
    /// <param name="outputs">Tensors to keep.</param>
    /// <param name="constants">What becomes a constant, with its value: variables, or placeholders that always get the same.</param>
    public static Graph Of(IReadOnlyList<Tensor> outputs, IReadOnlyDictionary<Tensor, TensorData> constants)
    {
        var copy = new Graph();
        var made = new Dictionary<Operation, Operation>();
        foreach (Operation op in Pruning.Prune([.. outputs.Select(Fetch.Of)], constants.Keys.ToHashSet()).Concat(constants.Keys.Select(tensor => tensor.Op)).Distinct().OrderBy(op => op.Id))
        {
            bool isConstant = op.Outputs.Count == 1 && constants.ContainsKey(op.Output);
            OpDef def = isConstant ? new ConstOp(constants[op.Output]) : op.Def;
            Tensor[] inputs = isConstant ? [] : [.. op.Inputs.Select(input => made[input.Op].Outputs[input.Index])];
            Operation[] controls = [.. op.ControlInputs.Where(made.ContainsKey).Select(control => made[control])];
            Operation twin = copy.AddOperation(new NodePlace(op.Name, op.Device, op.ColocatedWith), def, inputs, controls);
            made.Add(op, twin);
            foreach (Tensor output in op.Outputs.Where(output => output.Shape.IsCompatibleWith(twin.Outputs[output.Index].Shape))) twin.Outputs[output.Index].SetShape(output.Shape);
        }

        return copy;
    }

    /// <summary>The values that variables have in a session.</summary>
    public static Dictionary<Tensor, TensorData> Values(Session session, IReadOnlyList<Tensor> outputs, IReadOnlySet<Tensor> fed)
    {
        Tensor[] variables = [.. Pruning.Prune([.. outputs.Select(Fetch.Of)], fed).Where(op => op.Def.IsVariable).Select(op => op.Output)];
        if (variables.Length == 0) return [];
        return variables.Zip(session.Run(variables)).ToDictionary(pair => pair.First, pair => TensorData.From(pair.Second));
    }
}
