using System.Globalization;

namespace AlexNetTF.FineTuning;

/// <summary>
/// Where a worker's operations stand: variables that training changes on the parameter servers, one after the other in turn (an optimizer's slots
/// beside their variable); everything else on the worker. Variables of frozen layers are the worker's own: they never differ, and would travel at each step.
/// </summary>
/// <param name="task">The worker's number.</param>
/// <param name="servers">How many parameter servers there are.</param>
/// <param name="trained">The layers that change.</param>
internal sealed class ClusterPlacement(int task, int servers, IReadOnlyList<string> trained)
{
    public const string Servers = "ps", Workers = "worker";
    private int next;

    public int Task => task;

    /// <summary>The worker as a device.</summary>
    public string Worker { get; } = DeviceOf(Workers, task);

    /// <summary>A task as a device.</summary>
    public static string DeviceOf(string job, int task) => string.Create(CultureInfo.InvariantCulture, $"/job:{job}/task:{task}");

    /// <summary>The rule for <see cref="Graph.Device(Func{OpDef, string, string})"/>; every worker makes the same variables in the same order.</summary>
    public string Choose(OpDef def, string name) => def.IsVariable && !IsFrozen(name) ? DeviceOf(Servers, next++ % servers) : Worker;

    private bool IsFrozen(string name)
    {
        int slash = name.LastIndexOf('/');
        return slash > 0 && name.AsSpan(slash + 1) is "weights" or "biases" && !trained.Contains(name[..slash]);
    }
}
