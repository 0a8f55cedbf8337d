namespace AlexNetTF.Onnx;

/// <summary>What lies between a model's inputs and its outputs, and which of it differs from run to run.</summary>
internal sealed class OnnxReach
{
    private readonly HashSet<Tensor> inputs;
    private readonly HashSet<Operation> dynamic = [];
    private readonly HashSet<Operation> random = [];
    private readonly Dictionary<Tensor, int> uses = [];

    /// <param name="inputs">The model's inputs.</param>
    /// <param name="outputs">The model's outputs.</param>
    /// <param name="constants">Tensors whose values are given.</param>
    /// <exception cref="GraphException">A placeholder has no value.</exception>
    public OnnxReach(IEnumerable<Tensor> inputs, IEnumerable<Tensor> outputs, HashSet<Tensor> constants)
    {
        this.inputs = [.. inputs];
        var reached = new HashSet<Operation>();
        var open = new Stack<Tensor>(outputs);
        foreach (Tensor output in open) uses[output] = uses.GetValueOrDefault(output) + 1;
        while (open.TryPop(out Tensor? tensor))
        {
            if (this.inputs.Contains(tensor) || constants.Contains(tensor) || !reached.Add(tensor.Op)) continue;
            if (tensor.Op.Def.MustBeFed) throw new GraphException($"The placeholder '{tensor.Op.Name}' is neither an input of the model nor given a value. Add it to the inputs, or to the constants.");
            foreach (Tensor input in tensor.Op.Inputs)
            {
                uses[input] = uses.GetValueOrDefault(input) + 1;
                open.Push(input);
            }
        }

        foreach (Operation op in reached.OrderBy(op => op.Id)) Mark(op, constants);
    }

    /// <summary>Whether the value follows from variables and given values alone.</summary>
    public bool IsConstant(Tensor tensor) => !inputs.Contains(tensor) && !dynamic.Contains(tensor.Op);

    /// <summary>Whether numbers drawn at random are in the value.</summary>
    public bool IsRandom(Tensor tensor) => random.Contains(tensor.Op);

    /// <summary>How many inputs of nodes, and outputs of the model, take the value.</summary>
    public int Uses(Tensor tensor) => uses.GetValueOrDefault(tensor);

    private void Mark(Operation op, HashSet<Tensor> constants)
    {
        if (IsRandomOp(op) || op.Inputs.Any(input => !constants.Contains(input) && random.Contains(input.Op))) random.Add(op);
        bool varies = op.Inputs.Any(input => !constants.Contains(input) && (inputs.Contains(input) || dynamic.Contains(input.Op)));
        if (varies || random.Contains(op)) dynamic.Add(op);
    }

    // Variables have a state too, but give the same value until something is assigned.
    private static bool IsRandomOp(Operation op) => op.Def is { IsStateful: true, IsVariable: false };
}
