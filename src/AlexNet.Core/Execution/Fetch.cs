namespace AlexNetTF;

/// <summary>What a run is asked for: a tensor's value, or that an operation is run.</summary>
public readonly struct Fetch : IEquatable<Fetch>
{
    private Fetch(Tensor? tensor, Operation? operation)
    {
        Tensor = tensor;
        Operation = operation;
    }

    /// <summary>The tensor, or null where only an operation is to run.</summary>
    public Tensor? Tensor { get; }

    /// <summary>The operation, or null where a tensor's value is asked for.</summary>
    public Operation? Operation { get; }

    internal Operation Op => Tensor?.Op ?? Operation ?? throw new ArgumentException("A fetch names neither a tensor nor an operation.");

    /// <summary>A tensor's value.</summary>
    public static implicit operator Fetch(Tensor tensor) => new(tensor, null);

    /// <summary>An operation without a value.</summary>
    public static implicit operator Fetch(Operation operation) => new(null, operation);

    /// <summary>Whether both ask for the same.</summary>
    public static bool operator ==(Fetch left, Fetch right) => left.Equals(right);

    /// <summary>Whether they ask for different things.</summary>
    public static bool operator !=(Fetch left, Fetch right) => !left.Equals(right);

    /// <summary>A tensor's value.</summary>
    public static Fetch Of(Tensor tensor) => tensor;

    /// <summary>An operation without a value.</summary>
    public static Fetch Of(Operation operation) => operation;

    /// <inheritdoc/>
    public bool Equals(Fetch other) => Tensor == other.Tensor && Operation == other.Operation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Fetch other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tensor, Operation);
}
