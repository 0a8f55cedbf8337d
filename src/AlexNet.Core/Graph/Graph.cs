namespace AlexNetTF;

/// <summary>
/// A TensorFlow 1 graph: operations in the order of their creation, with TensorFlow's names. Building is not
/// synchronised; a finished graph may be run by many sessions and threads. Operations may be added after a run.
/// </summary>
public sealed partial class Graph
{
    private static readonly AsyncLocal<Graph?> Ambient = new();
    private static readonly Lazy<Graph> Global = new(() => new Graph());

    private readonly List<Operation> operations = [];
    private readonly Dictionary<string, Operation> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, object> extensions = [];
    private readonly List<ControlScope> controlScopes = [];
    private readonly List<string> colocation = [];
    private string device = "";
    private Func<OpDef, string, string>? deviceRule;

    /// <summary>The graph of the innermost <see cref="AsDefault"/>, else one graph of the process.</summary>
    public static Graph Default => Ambient.Value ?? Global.Value;

    /// <summary>All operations in the order of their creation.</summary>
    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>Makes this graph <see cref="Default"/> until the result is disposed.</summary>
    public IDisposable AsDefault()
    {
        Graph? previous = Ambient.Value;
        Ambient.Value = this;
        return new Restore(() => Ambient.Value = previous);
    }

    /// <summary>Adds an op and gives its first output: what the builder of an op of one's own calls.</summary>
    /// <param name="def">The op with its attributes; each operation takes an instance of its own.</param>
    /// <param name="inputs">The inputs, of this graph.</param>
    /// <param name="name">The node's name within the current name scope; the op's default name if null.</param>
    /// <exception cref="GraphException">The inputs do not fit, or the name is not allowed.</exception>
    public Tensor Add(OpDef def, IReadOnlyList<Tensor> inputs, string? name = null) => AddOperation(def, inputs, name).Outputs[0];

    /// <summary>Adds an op; see <see cref="Add"/>.</summary>
    /// <param name="def">The op with its attributes.</param>
    /// <param name="inputs">The inputs, of this graph.</param>
    /// <param name="name">The node's name; a scope's name with its trailing slash is taken as it is.</param>
    /// <param name="controlInputs">Operations to run before this one.</param>
    public Operation AddOperation(OpDef def, IReadOnlyList<Tensor> inputs, string? name = null, IEnumerable<Operation>? controlInputs = null)
    {
        ArgumentNullException.ThrowIfNull(def);
        string requested = name ?? def.DefaultName;
        foreach (Tensor input in inputs) RequireOwn(input.Op, requested);
        List<Operation> controls = [.. controlScopes.SelectMany(scope => scope.ControlsFor(inputs)), .. controlInputs ?? []];
        foreach (Operation control in controls) RequireOwn(control, requested);
        string full = NewNodeName(requested);
        TensorSpec[] outputs = InferOutputs(def, inputs, full);
        string[] beside = [.. colocation.Concat(def.WrittenInputs.SelectMany(index => ColocationOf(inputs[index].Op))).Distinct().Order(StringComparer.Ordinal)];
        Operation op = Keep(new NodePlace(full, DeviceOf(def, full, beside), beside), def, inputs, controls, outputs);
        foreach (ControlScope scope in controlScopes) scope.Made.Add(op);
        return op;
    }

    /// <summary>Adds an op under a full name, on a device and beside operations that are given: no open scope changes them.</summary>
    internal Operation AddOperation(NodePlace place, OpDef def, IReadOnlyList<Tensor> inputs, IReadOnlyList<Operation> controls)
    {
        NewNodeName(place.Name + "/");
        return Keep(place, def, inputs, controls, InferOutputs(def, inputs, place.Name));
    }

    /// <summary>What the graph holds now, to go back to.</summary>
    internal Mark MarkOperations() => new(operations.Count, new(usedNames, StringComparer.Ordinal));

    /// <summary>Takes back the operations made since; nothing else may refer to them.</summary>
    internal void RemoveSince(Mark mark)
    {
        foreach (Operation op in operations.Skip(mark.Count)) byName.Remove(op.Name);
        operations.RemoveRange(mark.Count, operations.Count - mark.Count);
        usedNames.Clear();
        foreach ((string name, int count) in mark.Names) usedNames.Add(name, count);
    }

    /// <summary>The operation of this name.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public Operation GetOperation(string name) => byName.TryGetValue(name, out Operation? op)
        ? op
        : throw new GraphException($"The graph has no operation '{name}'.");

    /// <summary>The tensor of this name, <c>operation:index</c>; without an index output 0.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public Tensor GetTensor(string name)
    {
        int colon = name.LastIndexOf(':');
        Operation op = GetOperation(colon < 0 ? name : name[..colon]);
        int index = colon < 0 ? 0 : int.Parse(name.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        return index < op.Outputs.Count
            ? op.Outputs[index]
            : throw new GraphException($"{op} has {op.Outputs.Count} outputs; '{name}' asks for output {index}.");
    }

    /// <summary>Whether an operation has this name.</summary>
    public bool HasOperation(string name) => byName.ContainsKey(name);

    /// <summary>Operations made until the result is disposed run after these.</summary>
    public IDisposable ControlDependencies(params IEnumerable<Operation> operations)
    {
        int before = controlScopes.Count;
        controlScopes.Add(new ControlScope([.. operations]));
        return new Restore(() => controlScopes.RemoveRange(before, controlScopes.Count - before));
    }

    /// <summary>Operations made until the result is disposed carry this device, such as <c>/gpu:0</c> or <c>/job:worker/task:1</c>; null clears it.</summary>
    /// <exception cref="GraphException">The text is no device.</exception>
    public IDisposable Device(string? device)
    {
        string previous = this.device;
        this.device = device is null ? "" : DeviceName.Merge(previous, device);
        return new Restore(() => this.device = previous);
    }

    /// <summary>
    /// Operations made until the result is disposed carry the device that a rule gives them, within the device scope in force
    /// (TensorFlow 1's device function, as its <c>replica_device_setter</c> is one). A rule replaces that of an enclosing scope.
    /// </summary>
    /// <param name="rule">The op and its full name → a device text, or "" for none.</param>
    public IDisposable Device(Func<OpDef, string, string> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Func<OpDef, string, string>? previous = deviceRule;
        deviceRule = rule;
        return new Restore(() => deviceRule = previous);
    }

    /// <summary>Whether operations made now are placed beside another.</summary>
    internal bool HasColocation => colocation.Count > 0;

    /// <summary>Operations made until the result is disposed are placed beside this one (attribute <c>_class</c>).</summary>
    internal IDisposable Colocate(string operation)
    {
        colocation.Add(operation);
        return new Restore(() => colocation.RemoveAt(colocation.Count - 1));
    }

    /// <summary>Operations made until the result is disposed are placed beside this one, or where it is itself placed.</summary>
    internal IDisposable Colocate(Operation operation)
    {
        int before = colocation.Count;
        colocation.AddRange(ColocationOf(operation));
        return new Restore(() => colocation.RemoveRange(before, colocation.Count - before));
    }

    /// <summary>Operations made until the result is disposed ignore the enclosing control dependencies and colocation, as variables do.</summary>
    internal IDisposable ClearControls()
    {
        ControlScope[] scopes = [.. controlScopes];
        controlScopes.Clear();
        return new Restore(() => controlScopes.InsertRange(0, scopes));
    }

    /// <summary>State that another part of the library keeps with the graph, such as its variables.</summary>
    internal T Extension<T>()
        where T : class, new()
    {
        if (!extensions.TryGetValue(typeof(T), out object? value)) extensions.Add(typeof(T), value = new T());
        return (T)value;
    }

    // Being placed beside another is stronger than a device scope, as in TensorFlow. A variable is placed beside itself.
    private string DeviceOf(OpDef def, string name, string[] beside) => beside.All(other => other == name)
        ? deviceRule is null ? device : DeviceName.Merge(device, deviceRule(def, name))
        : beside.Select(other => byName.GetValueOrDefault(other)?.Device).FirstOrDefault(text => text?.Length > 0) ?? "";

    private Operation Keep(NodePlace place, OpDef def, IReadOnlyList<Tensor> inputs, IReadOnlyList<Operation> controls, TensorSpec[] outputs)
    {
        var op = new Operation(this, operations.Count, place.Name, def, [.. inputs], [.. controls.Distinct()]) { Device = place.Device, ColocatedWith = place.ColocatedWith };
        op.Outputs = [.. outputs.Select((spec, index) => new Tensor(op, index, spec))];
        operations.Add(op);
        byName.Add(place.Name, op);
        return op;
    }

    private static TensorSpec[] InferOutputs(OpDef def, IReadOnlyList<Tensor> inputs, string full)
    {
        try
        {
            return [.. def.Infer(new InferenceContext(full, def.Type, new GraphInference(inputs)))];
        }
        catch (ValueNeededException)
        {
            throw new GraphException($"{def.Type} '{full}': a shape rule may not require a value; use InferenceContext.Integers.");
        }
    }

    private static IReadOnlyList<string> ColocationOf(Operation op) => op.ColocatedWith.Count > 0 ? op.ColocatedWith : [op.Name];

    private void RequireOwn(Operation op, string node)
    {
        if (op.Graph != this) throw new GraphException($"'{node}' takes {op}, which stands in another graph.");
    }

    /// <summary>What a graph held at some time.</summary>
    internal sealed record Mark(int Count, Dictionary<string, int> Names);

    // As TensorFlow does it, an operation that takes the output of one made in the scope waits through that one already, and
    // one that takes an output of a control needs no second edge.
    private sealed class ControlScope(Operation[] controls)
    {
        public HashSet<Operation> Made { get; } = [];

        public IEnumerable<Operation> ControlsFor(IReadOnlyList<Tensor> inputs) => inputs.Any(input => Made.Contains(input.Op))
            ? []
            : controls.Where(control => inputs.All(input => input.Op != control));
    }

    private sealed class Restore(Action action) : IDisposable
    {
        private Action? action = action;

        public void Dispose()
        {
            action?.Invoke();
            action = null;
        }
    }
}

/// <summary>Where a node stands: its full name, its device, and the operations that it is placed beside.</summary>
internal sealed record NodePlace(string Name, string Device, IReadOnlyList<string> ColocatedWith);
