namespace AlexNetTF.Execution;

/// <summary>
/// Second stage: the pruned operations with concrete sizes. Shape rules are asked again, now that every size is known,
/// and whatever depends on constants and sizes alone is computed here, once.
/// </summary>
internal sealed class PlanBuilder(Func<Operation, VariableSlot> variables)
{
    private readonly Dictionary<Tensor, PlanValue> values = [];
    private readonly Dictionary<Operation, PlanNode> nodes = [];
    private readonly Dictionary<Operation, PlanNode[]> carried = [];
    private readonly HashSet<Tensor> neededValues = [];
    private readonly HashSet<Operation> failed = [];
    private readonly List<string> failures = [];

    /// <summary>Values that decide sizes and are not known: the session computes them first and tries again.</summary>
    public IReadOnlyCollection<Tensor> NeededValues => neededValues;

    /// <param name="operations">The pruned operations.</param>
    /// <param name="fetches">What is asked for.</param>
    /// <param name="feeds">The fed tensors with the sizes of their values.</param>
    /// <param name="known">Values that were computed before because they decide sizes.</param>
    /// <returns>The plan, or null where <see cref="NeededValues"/> is not empty.</returns>
    /// <exception cref="RunException">Some operations cannot run; the message tells of all.</exception>
    public PlanGraph? Build(
        IReadOnlyList<Operation> operations,
        ReadOnlySpan<Fetch> fetches,
        IReadOnlyList<(Tensor Tensor, int[] Dims)> feeds,
        IReadOnlyDictionary<Tensor, TensorData> known)
    {
        var fed = new List<PlanValue>();
        foreach ((Tensor tensor, int[] dims) in feeds)
        {
            var value = new PlanValue(tensor.DType, dims, tensor) { Storage = Storage.Feed, Constant = known.GetValueOrDefault(tensor) };
            values.Add(tensor, value);
            fed.Add(value);
        }

        var list = new List<PlanNode>();
        foreach (Operation op in operations)
        {
            if (Add(op, known) is { } node) list.Add(node);
        }

        if (failures.Count > 0) throw new RunException(RunErrorCode.InvalidArgument, string.Join(Environment.NewLine, failures));
        if (neededValues.Count > 0) return null;
        var fetched = new List<PlanValue>();
        var targets = new List<PlanNode>();
        foreach (Fetch fetch in fetches)
        {
            if (fetch.Tensor is { } tensor) fetched.Add(values[tensor]);
            targets.AddRange(fetch.Tensor is { Op: var made } ? CarriedBy(made, fetch.Tensor) : Behind(fetch.Operation!));
        }

        var plan = new PlanGraph(list, fetched, targets, fed);
        plan.Sweep();
        return plan;
    }

    private PlanNode? Add(Operation op, IReadOnlyDictionary<Tensor, TensorData> known)
    {
        if (op.Inputs.Any(input => failed.Contains(input.Op) && !values.ContainsKey(input)) || !AddLeaf(op))
        {
            failed.Add(op);
            return null;
        }

        PlanNode[] controls = [.. op.ControlInputs.SelectMany(Behind).Concat(op.Inputs.SelectMany(input => CarriedBy(input.Op, input))).Distinct()];
        if (op.Def.Constant is not null || op.Def.IsVariable) return Carry(op, controls);
        PlanValue[] inputs = [.. op.Inputs.Select(input => values[input])];
        if (Infer(op, inputs) is not { } specs || !Defined(op, inputs, specs))
        {
            failed.Add(op);
            return null;
        }

        PlanValue[] outputs = [.. specs.Select((spec, i) => Output(op, i, spec))];
        if (op.ControlInputs.Count == 0 && Fold(op, inputs, outputs, specs)) return Carry(op, controls);
        var node = new PlanNode(op.Name, op.Def, inputs, outputs, op.Id) { Controls = [.. controls] };
        foreach (PlanValue output in outputs)
        {
            output.Producer = node;
            if (output.Source is { } source && known.TryGetValue(source, out TensorData? value)) output.Constant = value;
        }

        nodes.Add(op, node);
        return node;
    }

    // An operation without a node hands on what it would have waited for: whoever reads it waits instead. So does the step
    // counter's increment, whose constant alone stands behind the updates.
    private PlanNode? Carry(Operation op, PlanNode[] controls)
    {
        if (controls.Length > 0) carried.Add(op, controls);
        return null;
    }

    private PlanNode[] CarriedBy(Operation op, Tensor output) =>
        values.TryGetValue(output, out PlanValue? value) && value.Storage == Storage.Feed ? [] : carried.GetValueOrDefault(op, []);

    private PlanNode[] Behind(Operation op) => nodes.TryGetValue(op, out PlanNode? node) ? [node] : carried.GetValueOrDefault(op, []);

    // Constants, variables and placeholders: values without a node.
    private bool AddLeaf(Operation op)
    {
        if (op.Def.MustBeFed)
        {
            failures.Add($"{op} must be fed a value of type {op.Output.DType.Name()} and shape {op.Output.Shape}.");
            return false;
        }

        if (op.Def.Constant is { } constant)
        {
            values.TryAdd(op.Output, new PlanValue(constant.Type, constant.Dims, op.Output) { Storage = Storage.Constant, Constant = constant });
        }
        else if (op.Def.IsVariable)
        {
            VariableSlot slot = variables(op);
            values.TryAdd(op.Output, new PlanValue(op.Output.DType, slot.Dims, op.Output) { Storage = Storage.Variable, Variable = slot, IsReference = true });
        }

        return true;
    }

    private IReadOnlyList<TensorSpec>? Infer(Operation op, PlanValue[] inputs)
    {
        try
        {
            return op.Def.Infer(new InferenceContext(op.Name, op.Type, new PlanInference(inputs)));
        }
        catch (GraphException error)
        {
            failures.Add(error.Message);
            return null;
        }
    }

    // Lists of sizes, axes, paddings; the ends of a range may be floating-point.
    private static bool MayDecideSizes(TensorInfo info) => info.Type.IsInteger() ? info.Rank <= 2 : info.Rank == 0 && info.Type != DType.String;

    private bool Defined(Operation op, PlanValue[] inputs, IReadOnlyList<TensorSpec> specs)
    {
        if (specs.All(spec => spec.Shape.IsFullyDefined)) return true;
        bool found = false;
        foreach (PlanValue input in inputs)
        {
            if (input.Constant is null && MayDecideSizes(input.Info) && input.Source is { } source) found |= neededValues.Add(source) || true;
        }

        if (!found) failures.Add($"{op}: the shape of its output, {specs.First(spec => !spec.Shape.IsFullyDefined).Shape}, does not follow from its inputs.");
        return false;
    }

    private PlanValue Output(Operation op, int index, TensorSpec spec)
    {
        Tensor tensor = op.Outputs[index];
        var value = new PlanValue(spec.Type, spec.Shape.ToArray(), tensor) { IsReference = spec.IsReference };
        if (!values.TryAdd(tensor, value)) return new PlanValue(spec.Type, spec.Shape.ToArray(), null);
        return value;
    }

    private static bool Fold(Operation op, PlanValue[] inputs, PlanValue[] outputs, IReadOnlyList<TensorSpec> specs)
    {
        if (op.Def.IsStateful || op.Def.WrittenInputs.Count > 0 || outputs.Length == 0 || inputs.Length == 0) return false;
        if (outputs.Any(output => output.Info.Count > StaticValues.LargestFolded)) return false;
        TensorData[]? folded = null;
        var context = new InferenceContext(op.Name, op.Type, new PlanInference(inputs));
        Shape?[] values = [.. outputs.Select((_, i) => op.Def.InferValue(context, i))];
        if (Array.TrueForAll(values, value => value is { IsFullyDefined: true }))
        {
            folded = [.. values.Select((value, i) => StaticValues.FromShape(specs[i].Type, value!, specs[i].Shape))];
        }
        else if (inputs.All(input => input.Constant is not null && input.Storage == Storage.Constant))
        {
            folded = StaticValues.Evaluate(op.Name, op.Def, [.. inputs.Select(input => input.Constant!)], specs);
        }

        if (folded is null) return false;
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i].Constant = folded[i];
            outputs[i].Storage = Storage.Constant;
        }

        return true;
    }

    private sealed class PlanInference(PlanValue[] inputs) : IInferenceSource
    {
        public int Count => inputs.Length;

        public TensorSpec Spec(int input) => new(inputs[input].Info.Type, Shape.Of(inputs[input].Info.Dims), inputs[input].IsReference);

        public TensorData? Constant(int input) => inputs[input].Constant;

        public Shape? PartialValue(int input) => null;
    }
}
