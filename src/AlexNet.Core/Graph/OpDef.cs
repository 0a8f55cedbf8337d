namespace AlexNetTF;

/// <summary>
/// What an op is: its type, attributes, shape rule, gradient and kernel, each a member that must be there. An instance
/// belongs to one operation and holds that operation's attributes. Built-in ops and ops of one's own are the same thing.
/// </summary>
public abstract class OpDef
{
    /// <summary>TensorFlow's op type, such as <c>Conv2D</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The node's name where the caller gives none.</summary>
    public virtual string DefaultName => Type;

    /// <summary>Whether two runs with the same inputs may differ or leave something behind.</summary>
    public virtual bool IsStateful => false;

    /// <summary>How the gradient flows through the op.</summary>
    public abstract Gradient Gradient { get; }

    /// <summary>The inputs whose variable the kernel writes, by index.</summary>
    public virtual IReadOnlyList<int> WrittenInputs => [];

    /// <summary>Whether the kernel needs no value in the variable that this input refers to.</summary>
    public virtual bool AllowsUninitialized(int input) => false;

    /// <summary>Adds the attributes as TensorFlow's NodeDef has them, type attributes included.</summary>
    public virtual void DescribeAttributes(AttributeMap attributes, Operation op)
    {
    }

    /// <summary>The shape rule: element type and shape of every output.</summary>
    /// <exception cref="GraphException">The inputs do not fit the op; made by <see cref="InferenceContext.Error"/>.</exception>
    public abstract IReadOnlyList<TensorSpec> Infer(InferenceContext inputs);

    /// <summary>
    /// For an op that computes shapes: its first output's values as a shape, as far as they are known from the inputs'
    /// shapes; null for every other op.
    /// </summary>
    public virtual Shape? InferValue(InferenceContext inputs) => null;

    /// <summary>As <see cref="InferValue(InferenceContext)"/>, for an op with several outputs that hold sizes.</summary>
    internal virtual Shape? InferValue(InferenceContext inputs, int output) => output == 0 ? InferValue(inputs) : null;

    /// <summary>Whether the outputs are constants where the inputs are; not so for an op whose output is meant to be fed.</summary>
    internal virtual bool IsFoldable => true;

    /// <summary>The kernel for inputs and outputs of these types and sizes.</summary>
    public abstract Kernel CreateKernel(KernelSpec spec);

    /// <summary>The values, where the op is a constant.</summary>
    internal virtual TensorData? Constant => null;

    /// <summary>Whether the op is a variable, whose output is the session's memory.</summary>
    internal virtual bool IsVariable => false;

    /// <summary>Whether a run must give the op's output a value.</summary>
    internal virtual bool MustBeFed => false;
}
