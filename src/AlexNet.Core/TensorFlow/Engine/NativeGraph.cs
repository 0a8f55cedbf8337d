using OpSignature = AlexNetTF.TensorFlow.Protos.OpDef;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// TensorFlow's copy of a graph. It grows: an operation is made in it, after all that it depends on, when a run first asks
/// for it. Not synchronised.
/// </summary>
internal sealed unsafe class NativeGraph : IDisposable
{
    // Nodes that only this engine needs; a name that no scope of a user's has by accident.
    public const string OwnPrefix = "alexnet.engine/";
    private readonly Dictionary<Operation, nint> operations = [];
    private readonly Dictionary<Operation, VariableAccess> accesses = [];
    private readonly Dictionary<Operation, RandomDraw> draws = [];
    private readonly OpSignatures signatures;

    public NativeGraph()
    {
        TensorFlowLibrary.Require();
        Handle = NativeMethods.TF_NewGraph();
        signatures = new OpSignatures(Handle);
    }

    public GraphHandle Handle { get; }

    /// <summary>TensorFlow's operation for one of ours.</summary>
    public nint this[Operation op] => operations[op];

    /// <summary>TensorFlow's output for one of ours.</summary>
    public NativeOutput this[Tensor tensor] => new(operations[tensor.Op], tensor.Index);

    /// <summary>How one of our operations draws random numbers there, or null where it draws none or keeps count of them itself.</summary>
    public RandomDraw? DrawOf(Operation op) => draws.GetValueOrDefault(op);

    /// <summary>Makes an operation and all that it depends on, as far as they are not there yet.</summary>
    /// <exception cref="RunException">TensorFlow refuses one.</exception>
    public void Add(Operation op)
    {
        if (operations.ContainsKey(op)) return;
        foreach (Operation needed in Missing(op)) operations.Add(needed, Make(needed));
    }

    /// <summary>The nodes that write and ask for a variable without an operation of the user's.</summary>
    public VariableAccess AccessTo(Operation variable)
    {
        if (accesses.TryGetValue(variable, out VariableAccess? access)) return access;
        Add(variable);
        DType type = variable.Output.DType;
        string[] beside = [$"loc:@{variable.Name}"];
        var reference = new NativeOutput(operations[variable], 0);
        nint value = Make("Placeholder", $"{OwnPrefix}{variable.Name}/value", variable.Device, [], [("dtype", type), ("shape", variable.Output.Shape)]);
        nint assign = Make("Assign", $"{OwnPrefix}{variable.Name}/Assign", variable.Device, [reference, new(value, 0)], [("T", type), ("_class", beside)]);
        nint initialized = Make("IsVariableInitialized", $"{OwnPrefix}{variable.Name}/IsInitialized", variable.Device, [reference], [("dtype", type), ("_class", beside)]);
        access = new VariableAccess(new(value, 0), assign, new(initialized, 0));
        accesses.Add(variable, access);
        return access;
    }

    public void Dispose() => Handle.Dispose();

    // In the order of creation, which is a topological one. What an operation is placed beside must be there too.
    private List<Operation> Missing(Operation last)
    {
        var missing = new HashSet<Operation>();
        var open = new Stack<Operation>([last]);
        while (open.TryPop(out Operation? op))
        {
            if (operations.ContainsKey(op) || !missing.Add(op)) continue;
            foreach (Tensor input in op.Inputs) open.Push(input.Op);
            foreach (Operation control in op.ControlInputs) open.Push(control);
            foreach (string beside in op.ColocatedWith) open.Push(op.Graph.GetOperation(beside));
        }

        return [.. missing.OrderBy(op => op.Id)];
    }

    private nint Make(Operation op)
    {
        if (op.Def.GetType().Assembly != typeof(Graph).Assembly)
        {
            throw new RunException(RunErrorCode.Unimplemented, $"{op}: the op is {op.Def.GetType().FullName}, written in C#, which TensorFlow cannot run. Run this graph with Engine.Managed.");
        }

        if (NativeRandom.TwinOf(op.Type) is { } twin)
        {
            draws.Add(op, NativeRandom.Make(this, op, twin));
            return draws[op].Operation;
        }

        OpSignature signature = signatures.Of(op);
        AttributeMap attributes = op.GetAttributes();
        nint description = NativeMethods.TF_NewOperation(Handle, op.Type, op.Name);
        if (op.Device.Length > 0) NativeMethods.TF_SetDevice(description, op.Device);
        AddInputs(description, [.. op.Inputs.Select(input => this[input])], OpSignatures.InputCounts(signature, attributes));
        foreach (Operation control in op.ControlInputs) NativeMethods.TF_AddControlInput(description, operations[control]);
        foreach ((string name, object value) in attributes) NativeAttributes.Set(description, name, value);
        return Finish(description, op.ToString());
    }

    /// <summary>Makes an operation that stands for none of ours, or for one of another type.</summary>
    public nint Make(string type, string name, string device, NativeOutput[] inputs, (string Name, object Value)[] attributes, IReadOnlyList<Operation>? controls = null)
    {
        nint description = NativeMethods.TF_NewOperation(Handle, type, name);
        if (device.Length > 0) NativeMethods.TF_SetDevice(description, device);
        foreach (NativeOutput input in inputs) NativeMethods.TF_AddInput(description, input);
        foreach (Operation control in controls ?? []) NativeMethods.TF_AddControlInput(description, operations[control]);
        foreach ((string attribute, object value) in attributes) NativeAttributes.Set(description, attribute, value);
        return Finish(description, $"{type} {name}");
    }

    private static void AddInputs(nint description, NativeOutput[] inputs, IEnumerable<int> counts)
    {
        int next = 0;
        foreach (int count in counts)
        {
            if (count < 0)
            {
                NativeMethods.TF_AddInput(description, inputs[next++]);
                continue;
            }

            fixed (NativeOutput* list = inputs) NativeMethods.TF_AddInputList(description, list + next, count);
            next += count;
        }
    }

    // Frees the description, whether it succeeds or not.
    private static nint Finish(nint description, string what)
    {
        using var status = new NativeStatus();
        nint operation = NativeMethods.TF_FinishOperation(description, status.Handle);
        status.Check($"adding {what} to the graph");
        return operation;
    }
}

/// <summary>The nodes through which this engine reaches a variable.</summary>
/// <param name="Value">To be fed the new value.</param>
/// <param name="Assign">Assigns it.</param>
/// <param name="IsInitialized">Whether the variable has a value.</param>
internal sealed record VariableAccess(NativeOutput Value, nint Assign, NativeOutput IsInitialized);
