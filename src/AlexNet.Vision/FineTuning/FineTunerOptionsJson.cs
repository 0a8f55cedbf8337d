using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>A run's options as options.json holds them.</summary>
internal static class FineTunerOptionsJson
{
    public static JsonObject ToJson(FineTunerOptions o) => new()
    {
        ["weights"] = Absolute(o.Weights),
        ["checkpoint"] = Absolute(o.Checkpoint),
        ["allowMissingLayers"] = o.AllowMissingLayers,
        ["allowNonFinite"] = o.AllowNonFinite,
        ["topology"] = o.Topology?.ToString(),
        ["preprocessing"] = JsonNode.Parse(o.Input.ToJson()),
        ["trainLayers"] = JsonFile.Strings(o.TrainLayers),
        ["skipLayers"] = o.SkipLayers is null ? null : JsonFile.Strings(o.SkipLayers),
        ["optimizer"] = o.Optimizer.ToString(),
        ["learningRate"] = (double)o.LearningRate,
        ["schedule"] = ToJson(o.Schedule),
        ["momentum"] = (double?)o.Momentum,
        ["nesterov"] = o.Nesterov,
        ["beta1"] = (double)o.Beta1,
        ["beta2"] = (double)o.Beta2,
        ["epsilon"] = (double?)o.Epsilon,
        ["decay"] = (double)o.Decay,
        ["epochs"] = o.Epochs,
        ["batchSize"] = o.BatchSize,
        ["keepProb"] = (double)o.KeepProb,
        ["seed"] = o.Seed,
        ["augmentation"] = ToJson(o.Augmentation),
        ["classWeights"] = o.ClassWeights is null ? null : Numbers(o.ClassWeights),
        ["l2"] = (double)o.L2,
        ["clipNorm"] = (double)o.ClipNorm,
        ["patience"] = o.Patience,
        ["logEvery"] = o.LogEvery,
        ["checkpointEvery"] = o.CheckpointEvery,
        ["keepAllCheckpoints"] = o.KeepAllCheckpoints,
        ["checkpointFormat"] = o.CheckpointFormat.ToString(),
        ["tensorBoard"] = o.TensorBoard,
        ["featureCache"] = o.FeatureCache,
        ["featureCacheMemory"] = o.FeatureCacheMemory,
        ["report"] = o.Report,
        ["session"] = new JsonObject
        {
            ["engine"] = o.Session.Engine.ToString(),
            ["precision"] = o.Session.Precision.ToString(),
            ["threads"] = o.Session.Threads,
            ["allowWinograd"] = o.Session.AllowWinograd,
            ["device"] = o.Session.Device,
            ["allowSoftPlacement"] = o.Session.AllowSoftPlacement,
        },
    };

    public static FineTunerOptions FromJson(JsonObject j, string output) => new()
    {
        Weights = j["weights"]?.GetValue<string>(),
        Checkpoint = j["checkpoint"]?.GetValue<string>(),
        AllowMissingLayers = j.Flag("allowMissingLayers"),
        AllowNonFinite = j.Flag("allowNonFinite"),
        Topology = j["topology"] is null ? null : j.EnumOf<Topology>("topology"),
        Preprocessing = Preprocessing.FromJson(j.Get("preprocessing").ToJsonString()),
        TrainLayers = j.Strings("trainLayers"),
        SkipLayers = j["skipLayers"] is null ? null : j.Strings("skipLayers"),
        Optimizer = j.EnumOf<OptimizerKind>("optimizer"),
        LearningRate = j.Single("learningRate"),
        Schedule = ToSchedule(j.Get("schedule").AsObject()),
        Momentum = j["momentum"] is null ? null : j.Single("momentum"),
        Nesterov = j.Flag("nesterov"),
        Beta1 = j.Single("beta1"),
        Beta2 = j.Single("beta2"),
        Epsilon = j["epsilon"] is null ? null : j.Single("epsilon"),
        Decay = j.Single("decay"),
        Epochs = j.Int("epochs"),
        BatchSize = j.Int("batchSize"),
        KeepProb = j.Single("keepProb"),
        Seed = j.Long("seed"),
        Augmentation = ToAugmentation(j.Get("augmentation").AsObject()),
        ClassWeights = j["classWeights"] is null ? null : Singles(j.Get("classWeights").AsArray()),
        L2 = j.Single("l2"),
        ClipNorm = j.Single("clipNorm"),
        Patience = j.Int("patience"),
        LogEvery = j.Int("logEvery"),
        CheckpointEvery = j.Int("checkpointEvery"),
        CheckpointFormat = j["checkpointFormat"] is null ? CheckpointKind.Safetensors : j.EnumOf<CheckpointKind>("checkpointFormat"),
        TensorBoard = j["tensorBoard"] is null || j.Flag("tensorBoard"),
        KeepAllCheckpoints = j.Flag("keepAllCheckpoints"),
        Output = output,
        FeatureCache = j.Flag("featureCache"),
        FeatureCacheMemory = j.Long("featureCacheMemory"),
        Report = j.Flag("report"),
        Session = ToSession(j.Get("session").AsObject()),
    };

    private static string? Absolute(string? path) => path is null ? null : Path.GetFullPath(path);

    private static JsonObject ToJson(LearningRateSchedule s) => new()
    {
        ["kind"] = s.Kind.ToString(),
        ["decaySteps"] = s.DecaySteps,
        ["factor"] = (double)s.Factor,
        ["staircase"] = s.Staircase,
        ["end"] = (double)s.End,
        ["power"] = (double)s.Power,
        ["boundaries"] = new JsonArray([.. s.Boundaries.Select(step => (JsonNode)step)]),
        ["factors"] = Numbers(s.Factors),
    };

    private static LearningRateSchedule ToSchedule(JsonObject j) => new()
    {
        Kind = j.EnumOf<ScheduleKind>("kind"),
        DecaySteps = j.Int("decaySteps"),
        Factor = j.Single("factor"),
        Staircase = j.Flag("staircase"),
        End = j.Single("end"),
        Power = j.Single("power"),
        Boundaries = [.. j.Get("boundaries").AsArray().Select(step => step!.GetValue<long>())],
        Factors = Singles(j.Get("factors").AsArray()),
    };

    private static JsonObject ToJson(Augmentation a) => new()
    {
        ["flip"] = a.Flip,
        ["cropMinArea"] = a.CropMinArea,
        ["cropMaxArea"] = a.CropMaxArea,
        ["brightness"] = a.Brightness,
        ["contrast"] = a.Contrast,
    };

    private static Augmentation ToAugmentation(JsonObject j) => new()
    {
        Flip = j.Flag("flip"),
        CropMinArea = j.Real("cropMinArea"),
        CropMaxArea = j.Real("cropMaxArea"),
        Brightness = j.Real("brightness"),
        Contrast = j.Real("contrast"),
    };

    private static SessionOptions ToSession(JsonObject j) => new()
    {
        Engine = j.EnumOf<Engine>("engine"),
        Precision = j.EnumOf<Precision>("precision"),
        Threads = j.Int("threads"),
        AllowWinograd = j.Flag("allowWinograd"),
        Device = j.Text("device"),
        AllowSoftPlacement = j.Flag("allowSoftPlacement"),
    };

    private static JsonArray Numbers(IEnumerable<float> values) => new([.. values.Select(value => (JsonNode)(double)value)]);

    private static float[] Singles(JsonArray values) => [.. values.Select(value => (float)value!.GetValue<double>())];
}
