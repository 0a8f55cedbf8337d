using AlexNetTF.Execution;

namespace AlexNetTF.TensorFlow;

/// <summary>Turns a graph with variables into one with constants.</summary>
internal static class GraphFreezer
{
    public static Graph Freeze(Session session, IReadOnlyList<Tensor> outputs)
    {
        List<Operation> needed = Pruning.Prune([.. outputs.Select(Fetch.Of)], new HashSet<Tensor>());
        Dictionary<Operation, TensorData> values = ValuesOf(session, [.. needed.Where(op => op.Def.IsVariable)]);
        var frozen = new Graph();
        var made = new Dictionary<Operation, Operation>();
        foreach (Operation op in needed)
        {
            OpDef def = values.TryGetValue(op, out TensorData? value) ? new ConstOp(value) : op.Def;
            Tensor[] inputs = [.. op.Inputs.Select(input => made[input.Op].Outputs[input.Index])];
            Operation copy = frozen.AddOperation(new NodePlace(op.Name, op.Device, op.ColocatedWith), def, inputs, [.. op.ControlInputs.Select(control => made[control])]);
            made.Add(op, copy);
            foreach (Tensor output in op.Outputs) copy.Outputs[output.Index].SetShape(output.Shape);
        }

        return frozen;
    }

    private static Dictionary<Operation, TensorData> ValuesOf(Session session, Operation[] variables)
    {
        NumSharp.NDArray[] values = session.Run(Array.ConvertAll(variables, variable => variable.Output));
        return variables.Zip(values).ToDictionary(pair => pair.First, pair => TensorData.From(pair.Second));
    }
}
