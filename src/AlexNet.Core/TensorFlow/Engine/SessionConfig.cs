using System.Globalization;
using AlexNetTF.Execution;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.TensorFlow;

/// <summary>A session's options as TensorFlow's ConfigProto.</summary>
internal static class SessionConfig
{
    public static byte[] Bytes(SessionOptions options) => Of(options).ToByteArray();

    public static ConfigProto Of(SessionOptions options)
    {
        var config = new ConfigProto
        {
            AllowSoftPlacement = options.AllowSoftPlacement,
            IntraOpParallelismThreads = options.Threads,
            InterOpParallelismThreads = options.Threads,
            // In a cluster sessions run on their server's threads; TensorFlow refuses others.
            UsePerSessionThreads = options.Threads > 0 && options.Target.Length == 0,
            GpuOptions = new GPUOptions { AllowGrowth = options.GpuMemoryGrowth, PerProcessGpuMemoryFraction = options.GpuMemoryFraction },
        };
        config.DeviceFilters.AddRange(options.DeviceFilters);
        DeviceChoice device = DeviceChoice.Parse(options.Device);
        if (device.Kind == DeviceKind.Cpu) config.DeviceCount.Add("GPU", 0);
        if (device.Index is { } index) config.GpuOptions.VisibleDeviceList = index.ToString(CultureInfo.InvariantCulture);

        // Each op as it stands in the graph: without fusions here there are none there either.
        if (!options.Fuse)
        {
            config.GraphOptions = new GraphOptions
            {
                OptimizerOptions = new OptimizerOptions { OptLevel = OptimizerOptions.Types.Level.L0 },
                RewriteOptions = new RewriterConfig { DisableMetaOptimizer = true },
            };
        }

        return config;
    }
}
