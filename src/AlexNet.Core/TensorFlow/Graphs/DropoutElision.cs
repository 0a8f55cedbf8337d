using AlexNetTF.Execution;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Finds dropout that keeps everything. Its end, x · scale · Cast(noise ≥ rate), is x itself where the rate is 0: noise is
/// never negative, and the scale, 1 / (1 − rate), is 1.
/// </summary>
internal static class DropoutElision
{
    /// <param name="session">Computes the rates.</param>
    /// <param name="outputs">What is kept of the graph; dropout that is itself an output stays.</param>
    /// <param name="fixedValues">Placeholders that always have the same value.</param>
    /// <returns>Dropout's result → what it drops from.</returns>
    public static Dictionary<Tensor, Tensor> Find(Session session, IReadOnlyList<Tensor> outputs, Feeds fixedValues)
    {
        HashSet<Tensor> known = [.. fixedValues.Select(pair => pair.Key)];
        var found = new Dictionary<Tensor, Tensor>();
        foreach (Operation op in Pruning.Prune([.. outputs.Select(Fetch.Of)], known))
        {
            if (op is not { Type: "Mul", Inputs: [{ Op: { Type: "Mul" } scaled }, { Op: { Type: "Cast", Inputs: [{ Op: { Type: "GreaterEqual" } kept }] } }] }) continue;
            if (outputs.Contains(op.Output) || !IsNeverNegative(kept.Inputs[0], Number)) continue;
            if (Number(kept.Inputs[1]) == 0 && Number(scaled.Inputs[1]) == 1) found.Add(op.Output, scaled.Inputs[0]);
        }

        return found;

        double? Number(Tensor tensor) => Evaluate(session, tensor, fixedValues, known);
    }

    // A uniform number from [0, 1), or scaled as u · (max − min) + min.
    private static bool IsNeverNegative(Tensor noise, Func<Tensor, double?> number) => noise.Op switch
    {
        { Type: "RandomUniform" } => true,
        { Type: "Add", Inputs: [{ Op: { Type: "Mul", Inputs: [{ Op: { Type: "RandomUniform" } }, var range] } }, var least] } => number(range) >= 0 && number(least) >= 0,
        _ => false,
    };

    private static double? Evaluate(Session session, Tensor scalar, Feeds fixedValues, HashSet<Tensor> known)
    {
        List<Operation> needed = Pruning.Prune([scalar], known);
        if (needed.Exists(op => op.Def.MustBeFed || op.Def.IsStateful || op.Def.IsVariable)) return null;
        TensorData value = TensorData.From(session.Run(scalar, fixedValues));
        return (value.Count, value.Type) switch
        {
            (1, DType.Float32) => value.AsSpan<float>()[0],
            (1, DType.Float64) => value.AsSpan<double>()[0],
            _ => null,
        };
    }
}
