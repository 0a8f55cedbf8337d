namespace AlexNetTF;

/// <summary>Computes an op for one set of concrete sizes. Holds what can be prepared once; runs from several threads.</summary>
public abstract class Kernel
{
    /// <summary>Bytes of scratch memory that a run needs.</summary>
    public virtual long WorkspaceBytes => 0;

    /// <summary>The input whose memory output 0 is, so that nothing moves (a reshape, an update of a variable); −1 for none.</summary>
    public virtual int AliasedInput => -1;

    /// <summary>Whether output 0 may be written over this input, which has as many bytes and is needed by nobody else.</summary>
    public virtual bool MayOverwrite(int input) => false;

    /// <summary>Reads the inputs, writes every element of the outputs.</summary>
    public abstract void Run(KernelContext context);

    /// <summary>A kernel from a function.</summary>
    /// <param name="run">Reads the inputs, writes every element of the outputs.</param>
    /// <param name="elementwise">Whether output 0 may be written over any input of the same size: element i of it depends only on elements i.</param>
    /// <param name="workspaceBytes">Scratch memory that a run needs.</param>
    public static Kernel Of(Action<KernelContext> run, bool elementwise = false, long workspaceBytes = 0) =>
        new FunctionKernel(run, elementwise, workspaceBytes);

    /// <summary>A kernel that passes an input on without moving a byte.</summary>
    public static Kernel Alias(int input = 0) => new AliasKernel(input);

    private sealed class FunctionKernel(Action<KernelContext> run, bool elementwise, long workspaceBytes) : Kernel
    {
        public override long WorkspaceBytes => workspaceBytes;

        public override bool MayOverwrite(int input) => elementwise;

        public override void Run(KernelContext context) => run(context);
    }

    private sealed class AliasKernel(int input) : Kernel
    {
        public override int AliasedInput => input;

        public override void Run(KernelContext context)
        {
        }
    }
}
