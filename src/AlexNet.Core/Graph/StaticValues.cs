namespace AlexNetTF;

/// <summary>What is known of tensors' values without a session: constants, sizes, and small sums of them.</summary>
internal static class StaticValues
{
    /// <summary>Values of more elements than this are left to the session.</summary>
    public const int LargestFolded = 4096;

    // What the question being answered has found so far, so that each tensor is looked at once.
    [ThreadStatic]
    private static Answers? current;

    /// <summary>The value, or null where a run is needed to know it.</summary>
    public static TensorData? Constant(Tensor tensor) => tensor.Op.Def.Constant ?? Once(answers => answers.Constants, tensor, FindConstant);

    /// <summary>The value of a tensor that holds sizes, as far as shapes tell it; null for any other tensor.</summary>
    public static Shape? PartialValue(Tensor tensor) => Once(answers => answers.Sizes, tensor, FindPartialValue);

    private static Shape? FindPartialValue(Tensor tensor) =>
        tensor.Op.Def.InferValue(new InferenceContext(tensor.Op.Name, tensor.Op.Type, new GraphInference(tensor.Op.Inputs)), tensor.Index);

    private static TensorData? FindConstant(Tensor tensor)
    {
        Operation op = tensor.Op;
        if (op.Def.IsStateful || op.Def.IsVariable || op.Def.MustBeFed || !op.Def.IsFoldable || op.Inputs.Count == 0) return null;
        if (tensor.Shape.ElementCount is not <= LargestFolded) return null;
        if (PartialValue(tensor) is { IsFullyDefined: true } value) return FromShape(tensor.DType, value, tensor.Shape);
        var inputs = new TensorData[op.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (op.Inputs[i].Op.Def.WrittenInputs.Count > 0 || Constant(op.Inputs[i]) is not { } input) return null;
            inputs[i] = input;
        }

        try
        {
            return Evaluate(op.Name, op.Def, inputs, op.Outputs.Select(output => output.Spec).ToArray())?[tensor.Index];
        }
        catch (RunException)
        {
            // An op that fails on its constants fails in the run that asks for it, as in TensorFlow.
            return null;
        }
    }

    /// <summary>Sizes as an integer tensor, a vector or (of one size) a scalar.</summary>
    public static TensorData FromShape(DType type, Shape value, Shape shape)
    {
        int[] sizes = value.ToArray();
        int[] dims = shape.HasRank && shape.Rank == 0 ? [] : [sizes.Length];
        return type == DType.Int64
            ? TensorData.Of<long>(Array.ConvertAll(sizes, size => (long)size), dims)
            : TensorData.Of<int>(sizes, dims);
    }

    /// <summary>Runs an op's own kernel on constants; null where an output's shape is not known or too large.</summary>
    public static TensorData[]? Evaluate(string node, OpDef def, TensorData[] inputs, IReadOnlyList<TensorSpec> outputs)
    {
        if (outputs.Any(output => output.Shape.ElementCount is not <= LargestFolded)) return null;
        if (outputs.Any(output => output.Type == DType.String) || Array.Exists(inputs, input => input.Type == DType.String)) return null;
        TensorData[] results = outputs.Select(output => new TensorData(output.Type, output.Shape.ToArray())).ToArray();
        var spec = new KernelSpec(
            node,
            def.Type,
            inputs.Select(input => new TensorInfo(input.Type, input.Dims)).ToArray(),
            results.Select(result => new TensorInfo(result.Type, result.Dims)).ToArray(),
            index => inputs[index],
            KernelOptions.Default);
        Kernel kernel = def.CreateKernel(spec);
        using var run = new FoldingRun(inputs, results, kernel.WorkspaceBytes);
        run.Run(kernel, spec);
        return results;
    }

    private static T? Once<T>(Func<Answers, Dictionary<Tensor, T?>> kind, Tensor tensor, Func<Tensor, T?> find)
        where T : class
    {
        if (current is { } answers)
        {
            Dictionary<Tensor, T?> known = kind(answers);
            if (!known.TryGetValue(tensor, out T? value)) known.Add(tensor, value = find(tensor));
            return value;
        }

        current = new Answers();
        try
        {
            return find(tensor);
        }
        finally
        {
            current = null;
        }
    }

    private sealed class Answers
    {
        public Dictionary<Tensor, TensorData?> Constants { get; } = [];

        public Dictionary<Tensor, Shape?> Sizes { get; } = [];
    }

    private sealed unsafe class FoldingRun(TensorData[] inputs, TensorData[] results, long workspaceBytes) : IRunState, IDisposable
    {
        private readonly AlignedMemory workspace = new(workspaceBytes);

        public CancellationToken Cancellation => CancellationToken.None;

        public int Threads => 1;

        public byte* Workspace => workspace.Pointer;

        public long WorkspaceBytes => workspaceBytes;

        public void* Pointer(int slot) => slot < inputs.Length ? inputs[slot].Memory.Pointer : results[slot - inputs.Length].Memory.Pointer;

        public byte* Derived(int slot, DerivedForm form, byte* source, byte* scratch)
        {
            form.Compute(source, scratch, 1);
            return scratch;
        }

        public bool IsInitialized(int slot) => true;

        public ulong AdvanceRandom(int step, ulong samples) => throw new InvalidOperationException("A random op is never folded.");

        public byte[] GetString(long reference) => throw new InvalidOperationException("Strings are never folded.");

        public long AddString(byte[] value) => throw new InvalidOperationException("Strings are never folded.");

        public void Run(Kernel kernel, KernelSpec spec)
        {
            if (kernel.AliasedInput >= 0)
            {
                TensorData source = inputs[kernel.AliasedInput];
                Buffer.MemoryCopy(source.Memory.Pointer, results[0].Memory.Pointer, results[0].Bytes, source.Bytes);
            }

            int[] inputSlots = Enumerable.Range(0, inputs.Length).ToArray();
            int[] outputSlots = Enumerable.Range(inputs.Length, results.Length).ToArray();
            kernel.Run(new KernelContext(spec, inputSlots, outputSlots, 0, this));
        }

        public void Dispose() => workspace.Dispose();
    }
}

/// <summary>A shape rule's facts while a graph is being built.</summary>
internal sealed class GraphInference(IReadOnlyList<Tensor> inputs) : IInferenceSource
{
    public int Count => inputs.Count;

    public TensorSpec Spec(int input) => inputs[input].Spec;

    public TensorData? Constant(int input) => StaticValues.Constant(inputs[input]);

    public Shape? PartialValue(int input) => StaticValues.PartialValue(inputs[input]);
}
