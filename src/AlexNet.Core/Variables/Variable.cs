namespace AlexNetTF;

/// <summary>
/// A variable: memory that a session keeps from run to run, with the operations that TensorFlow 1 puts around it
/// (<c>v</c>, <c>v/Assign</c>, <c>v/read</c>). Stands for its value wherever a tensor is expected.
/// </summary>
public sealed class Variable : INamed
{
    internal Variable(Tensor reference, Tensor initialValue, Operation initializer, Tensor value, bool trainable)
    {
        Reference = reference;
        InitialValue = initialValue;
        Initializer = initializer;
        Value = value;
        Trainable = trainable;
    }

    /// <summary>TensorFlow's name: the operation's and <c>:0</c>.</summary>
    public string Name => Reference.Name;

    /// <summary>The variable's operation; its name is the key in checkpoints.</summary>
    public Operation Op => Reference.Op;

    /// <summary>The memory itself, which ops that change the variable take.</summary>
    public Tensor Reference { get; }

    /// <summary>
    /// The value, read when the run comes to its user. TensorFlow 1 leaves open which value a read sees beside an update in the same run;
    /// here it is fixed: an op sees the updates that were added to the graph before it and those that its control
    /// dependencies name, a fetch sees all updates of the run.
    /// </summary>
    public Tensor Value { get; }

    /// <summary>What <see cref="Initializer"/> assigns.</summary>
    public Tensor InitialValue { get; }

    /// <summary>Gives the variable its initial value.</summary>
    public Operation Initializer { get; }

    /// <summary>Whether optimizers change it by default.</summary>
    public bool Trainable { get; }

    /// <summary>The element type.</summary>
    public DType DType => Reference.DType;

    /// <summary>The shape, fully known.</summary>
    public Shape Shape => Reference.Shape;

    /// <summary>The graph.</summary>
    public Graph Graph => Reference.Graph;

    /// <summary>The variable's value.</summary>
    public static implicit operator Tensor(Variable variable) => variable.Value;

    /// <summary>The variable's value.</summary>
    public static implicit operator Operand(Variable variable) => variable.Value;

    /// <summary>The variable's value, for a fetch.</summary>
    public static implicit operator Fetch(Variable variable) => variable.Value;

    /// <summary>The variable's value; what the implicit conversion gives.</summary>
    public Tensor ToTensor() => Value;

    /// <summary>An operation that gives the variable a new value; returns the reference, to be fetched or run.</summary>
    /// <param name="value">A tensor, number or array of the variable's shape; what is no tensor becomes a Const.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">Shape or element type differ.</exception>
    public Tensor Assign(Operand value, string? name = null) => StateOps.Assign(Reference, value, useLocking: false, name);

    /// <summary>Name, element type and shape.</summary>
    public override string ToString() => $"{Name} {DType.Name()} {Shape}";
}
