namespace AlexNetTF;

/// <summary>One walk from the differentiated tensors back to the sources, in TensorFlow's order of operations.</summary>
internal sealed class Backpropagation
{
    private readonly IReadOnlyList<Tensor> ys;
    private readonly IReadOnlyList<Tensor> xs;
    private readonly Dictionary<Tensor, List<Tensor>> gradients = [];
    private readonly Dictionary<Operation, int> pending = [];
    private readonly HashSet<Operation> reachable;
    private readonly HashSet<Operation> stops;
    private readonly bool gate;

    public Backpropagation(IReadOnlyList<Tensor> ys, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor> stopGradients, bool gate)
    {
        this.ys = ys;
        this.xs = xs;
        this.gate = gate;
        HashSet<Operation> reached = ReachedFrom(xs);
        reachable = [.. ys.Select(y => y.Op).Where(reached.Contains)];
        CountPending(reached);
        stops = [.. xs.Select(x => x.Op).Where(op => op.Inputs.All(input => pending.GetValueOrDefault(input.Op) <= 0)), .. stopGradients.Select(tensor => tensor.Op)];
    }

    public Tensor?[] Run(IReadOnlyList<Tensor?>? gradYs)
    {
        for (int i = 0; i < ys.Count; i++) Add(ys[i], gradYs?[i] ?? Seed(ys[i], i));
        var queue = new Queue<Operation>();
        var queued = new HashSet<Operation>();
        foreach (Operation op in ys.Select(y => y.Op))
        {
            if (pending.GetValueOrDefault(op) == 0 && reachable.Contains(op) && queued.Add(op)) queue.Enqueue(op);
        }

        while (queue.TryDequeue(out Operation? op))
        {
            Differentiate(op);
            foreach (Tensor input in op.Inputs)
            {
                int left = pending[input.Op] = pending.GetValueOrDefault(input.Op) - 1;
                if (left == 0) queue.Enqueue(input.Op);
            }
        }

        return [.. xs.Select(Of)];
    }

    private static bool CarriesGradient(Tensor tensor) => tensor.DType.IsFloating();

    // Everything that depends on the sources through floating-point tensors.
    private static HashSet<Operation> ReachedFrom(IReadOnlyList<Tensor> sources)
    {
        var reached = new HashSet<Operation>();
        if (sources.Count == 0) return reached;
        ILookup<Tensor, Operation> consumers = sources[0].Graph.Operations
            .SelectMany(op => op.Inputs.Select(input => (Input: input, Op: op)))
            .ToLookup(pair => pair.Input, pair => pair.Op);
        var queue = new Queue<Operation>(sources.Select(source => source.Op));
        while (queue.TryDequeue(out Operation? op))
        {
            if (!reached.Add(op)) continue;
            foreach (Operation consumer in op.Outputs.Where(CarriesGradient).SelectMany(output => consumers[output])) queue.Enqueue(consumer);
        }

        return reached;
    }

    private static Tensor Seed(Tensor y, int index)
    {
        if (!CarriesGradient(y)) throw new GraphException($"{y.Name} holds {y.DType.Name()}; only floating-point tensors can be differentiated.");
        Tensor shape = ArrayOps.Shape(y);
        Tensor one = y.Graph.Constant(y.DType == DType.Float32 ? TensorData.Scalar(1f) : TensorData.Scalar(1d), $"grad_ys_{index}");
        return ArrayOps.Fill(shape, one);
    }

    // For each operation between sources and ys: how many of its outputs' users are between them too.
    private void CountPending(HashSet<Operation> reached)
    {
        var between = new List<Operation>();
        var seen = new HashSet<Operation>();
        var queue = new Queue<Operation>(ys.Select(y => y.Op));
        while (queue.TryDequeue(out Operation? op))
        {
            if (!reached.Contains(op) || !seen.Add(op)) continue;
            between.Add(op);
            foreach (Tensor input in op.Inputs) queue.Enqueue(input.Op);
        }

        foreach (Tensor input in between.SelectMany(op => op.Inputs))
        {
            if (seen.Contains(input.Op)) pending[input.Op] = pending.GetValueOrDefault(input.Op) + 1;
        }
    }

    private void Differentiate(Operation op)
    {
        Tensor?[] outputs = [.. op.Outputs.Select(Aggregate)];
        if (outputs.All(gradient => gradient is null) || stops.Contains(op)) return;
        if (op.Def.Gradient is { IsError: true } refused)
        {
            throw new GraphException($"{op} has no gradient: {refused.Reason}. The path is {PathTo(op)}. Cut it with ArrayOps.StopGradient, or leave out the variables behind it.");
        }

        if (op.Def.Gradient.Function is not { } function) return;
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i] is null && CarriesGradient(op.Outputs[i])) outputs[i] = ArrayOps.ZerosLike(op.Outputs[i], optimize: false);
        }

        using (op.Graph.NameScope(op.Name + "_grad"))
        {
            Tensor?[] inputs = [.. function(op, outputs!)];
            if (inputs.Length != op.Inputs.Count) throw new GraphException($"The gradient of {op} gave {inputs.Length} tensors for {op.Inputs.Count} inputs.");
            if (gate && inputs.Count(gradient => gradient is not null) > 1) inputs = Gate(op.Graph, inputs);
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i] is not { } gradient) continue;
                gradient.SetShape(op.Inputs[i].Shape);
                Add(op.Inputs[i], gradient);
            }
        }
    }

    // All gradients of an operation are computed before any is used, as TensorFlow's optimizers ask.
    private static Tensor?[] Gate(Graph graph, Tensor?[] gradients)
    {
        using NameScope scope = graph.NameScope("tuple");
        Operation gate = graph.Group(gradients.Where(gradient => gradient is not null).Select(gradient => gradient!.Op));
        return Array.ConvertAll(gradients, gradient =>
        {
            if (gradient is null) return null;
            using NameScope dependency = graph.NameScope("control_dependency");
            using IDisposable beside = graph.Colocate(gradient.Op);
            using IDisposable after = graph.ControlDependencies(gate);
            return ArrayOps.Identity(gradient, dependency.Name);
        });
    }

    private Tensor? Aggregate(Tensor output)
    {
        if (!gradients.TryGetValue(output, out List<Tensor>? list)) return null;
        if (list.Count == 1) return list[0];
        using IDisposable beside = output.Graph.Colocate(list[0].Op);
        Tensor sum = MathOps.AddN(list);
        gradients[output] = [sum];
        return sum;
    }

    private Tensor? Of(Tensor x) => Aggregate(x);

    private void Add(Tensor tensor, Tensor gradient)
    {
        if (!gradients.TryGetValue(tensor, out List<Tensor>? list)) gradients.Add(tensor, list = []);
        list.Add(gradient);
    }

    private string PathTo(Operation op)
    {
        // Forward from the operation to the nearest y.
        var from = new Dictionary<Operation, Operation?> { [op] = null };
        var queue = new Queue<Operation>([op]);
        while (queue.TryDequeue(out Operation? at))
        {
            if (ys.Any(y => y.Op == at))
            {
                var path = new List<string>();
                for (Operation? step = at; step is not null; step = from[step]) path.Add(step.Name);
                return string.Join(" ← ", path);
            }

            foreach (Operation user in op.Graph.Operations.Where(user => user.Inputs.Any(input => input.Op == at)))
            {
                if (from.TryAdd(user, at)) queue.Enqueue(user);
            }
        }

        return op.Name;
    }
}
