namespace AlexNetTF;

/// <summary>Who computes.</summary>
public enum Engine
{
    /// <summary>This library's own engine, written in C#: no native library, CPU.</summary>
    Managed,

    /// <summary>TensorFlow's native library, on CPU or GPU, where the user has it: see <see cref="TensorFlowLibrary"/>.</summary>
    TensorFlow,
}

/// <summary>How numbers are held while computing.</summary>
public enum Precision
{
    /// <summary>32-bit floating point, as the graph says.</summary>
    Float32,

    /// <summary>
    /// The weights of large fully connected layers (from 262,144 numbers) are read as 8-bit integers with one scale a column, made
    /// from the variables when they are first used; activations and all else stay as the graph says. A quarter of the memory traffic, so single pictures are
    /// answered faster; scores move by up to about a hundredth of their range. For inference: where a run changes the weights, its
    /// products use them as they are. Managed engine only.
    /// </summary>
    Int8,
}

/// <summary>Choices of a session, fixed when it is made.</summary>
public sealed record SessionOptions
{
    /// <summary>Who computes.</summary>
    public Engine Engine { get; init; } = Engine.Managed;

    /// <summary>How numbers are held while computing.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>
    /// How many threads one run may use; 0 for all cores. The managed engine's answer does not depend on it, to the bit.
    /// TensorFlow keeps the number that the process's first session asked for within an op.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>Whether convolutions may use Winograd's algorithm: faster, with another rounding (up to 1e-5 of a tensor's largest magnitude).</summary>
    public bool AllowWinograd { get; init; } = true;

    /// <summary>
    /// Where to compute: <c>auto</c>, <c>cpu</c>, <c>gpu</c> or <c>gpu:1</c>; a GPU needs <see cref="Engine.TensorFlow"/> and must be
    /// there. Device scopes of the graph (<see cref="Graph.Device(string?)"/>) place single operations; the managed engine has one device.
    /// </summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whether TensorFlow may place an operation elsewhere than its device scope says, where it has no kernel or device for it.</summary>
    public bool AllowSoftPlacement { get; init; }

    /// <summary>Whether TensorFlow takes a GPU's memory as it needs it instead of all at once.</summary>
    public bool GpuMemoryGrowth { get; init; }

    /// <summary>The share of a GPU's memory that TensorFlow may take, above 0 to 1; 0 for its own choice.</summary>
    public double GpuMemoryFraction { get; init; }

    /// <summary>The server that computes, <c>grpc://host:port</c>, for a cluster of TensorFlow's; empty for this process.</summary>
    public string Target { get; init; } = "";

    /// <summary>
    /// The tasks of a cluster that the session needs, such as <c>/job:ps</c> and <c>/job:worker/task:0</c>; empty for all. A worker
    /// that names only itself and the parameter servers does not wait for the other workers.
    /// </summary>
    public IReadOnlyList<string> DeviceFilters { get; init; } = [];

    /// <summary>Whether plans are rewritten by fusions; tests compare both.</summary>
    internal bool Fuse { get; init; } = true;
}
