using AlexNetTF.FineTuning;
using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>Plain descent that changes a layer's weights before the error flows back through them: one run a layer, the forward results fed.</summary>
internal sealed class EagerSteps
{
    private readonly TrainingNetwork network;
    private readonly Tensor error;
    private readonly List<(GradientAndVariable[] Pairs, Operation Update)> layers = [];
    private readonly Tensor[] forward;

    public EagerSteps(TrainingNetwork network, float rate)
    {
        this.network = network;
        error = Gradients.Compute(network.Loss, network.Logits)[0]!;
        int first = network.Graph.Operations.Count;
        foreach (Variable[] layer in network.Trained.GroupBy(TrainingNetwork.LayerOf).Select(group => group.ToArray()).Reverse())
        {
            Tensor?[] gradients = Gradients.Compute([network.Logits], [.. layer.Select(variable => variable.Reference)], [error]);
            GradientAndVariable[] pairs = [.. gradients.Zip(layer, (gradient, variable) => new GradientAndVariable(gradient, variable))];
            layers.Add((pairs, new GradientDescentOptimizer(rate, "Eager").ApplyGradients(pairs)));
        }

        HashSet<Operation> pictures = DependentOn(network.Input, network.Logits.Op.Id);
        forward = [.. network.Graph.Operations.Skip(first).SelectMany(op => op.Inputs)
            .Where(tensor => pictures.Contains(tensor.Op) && tensor.Op != network.Input.Op && tensor.DType is DType.Float32 or DType.Bool).Distinct()];
    }

    public (float Loss, IReadOnlyDictionary<string, NDArray> Gradients) Run(Feeds feeds)
    {
        NDArray[] values = network.Session.Run([network.Loss, error, .. forward], feeds);
        feeds[error] = values[1];
        foreach ((Tensor tensor, NDArray value) in forward.Zip(values.Skip(2))) feeds[tensor] = value;
        Dictionary<string, NDArray> gradients = [];
        foreach ((GradientAndVariable[] pairs, Operation update) in layers)
        {
            NDArray?[] results = network.Session.Run([update, .. pairs.Select(pair => (Fetch)pair.Gradient!)], feeds);
            foreach ((GradientAndVariable pair, NDArray? gradient) in pairs.Zip(results.Skip(1))) gradients.Add(pair.Variable.Op.Name, gradient!);
        }

        return (values[0].GetAtIndex<float>(0), gradients);
    }

    private static HashSet<Operation> DependentOn(Tensor input, int last)
    {
        HashSet<Operation> found = [input.Op];
        foreach (Operation op in input.Graph.Operations.TakeWhile(op => op.Id <= last))
        {
            if (op.Inputs.Any(tensor => found.Contains(tensor.Op))) found.Add(op);
        }

        return found;
    }
}
