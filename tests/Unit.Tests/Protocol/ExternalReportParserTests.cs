using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Protocol.ExternalServers;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Protocol;

public sealed class ExternalReportParserTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly string[] Pieces =
    [
        "{", "}", "{\"identity\":\"7\",\"port\":50007,", "\"identity\":", "\"port\":", "\"queue_length\":", "\"status\":", "\"weight\":", "\"concurrency\":",
        "\"later\":", ",", ":", "\"7\"", "\"a b\"", "\"ready\"", "\"draining\"", "\"stopped\"", "0", "1", "-1", "1.0", "1000", "1001", "1024", "1025", "65535",
        "65536", "2147483647", "2147483648", "99999999999999999999", "null", "true", "[]", "{}", " ", "\0", "\"",
    ];

    [Fact]
    public void A_report_needs_only_an_identity_and_a_port()
    {
        Assert.Equal(ExternalFault.None, ExternalReportParser.Parse("""{"identity":"7","port":50007}"""u8, out var report));
        Assert.Equal("7", Encoding.UTF8.GetString(report.Identity));
        Assert.Equal((50007, 0, ExternalStatus.Ready, 1, 1), (report.Port, report.QueueLength, report.Status, report.Weight, report.Concurrency));
    }

    [Fact]
    public void All_members_are_read_and_unknown_ones_are_ignored()
    {
        var fault = ExternalReportParser.Parse(
            """ {"status":"draining","later":[{}],"port":1,"identity":"a.B_c-9","queue_length":3,"weight":0,"concurrency":1024} """u8, out var report);

        Assert.Equal(ExternalFault.None, fault);
        Assert.Equal("a.B_c-9", Encoding.UTF8.GetString(report.Identity));
        Assert.Equal((1, 3, ExternalStatus.Draining, 0, 1024), (report.Port, report.QueueLength, report.Status, report.Weight, report.Concurrency));
    }

    [Theory]
    [InlineData("", ExternalFault.NotAnObject)]
    [InlineData("[]", ExternalFault.NotAnObject)]
    [InlineData("""{"identity":"7","port":1}{""", ExternalFault.NotAnObject)]
    [InlineData("""{"identity":"7","port":1""", ExternalFault.NotAnObject)]
    [InlineData("""{"port":1}""", ExternalFault.BadIdentity)]
    [InlineData("""{"identity":"","port":1}""", ExternalFault.BadIdentity)]
    [InlineData("""{"identity":7,"port":1}""", ExternalFault.BadIdentity)]
    [InlineData("""{"identity":"a/b","port":1}""", ExternalFault.BadIdentity)]
    [InlineData("""{"identity":"a@b","port":1}""", ExternalFault.BadIdentity)]
    [InlineData("""{"identity":"7"}""", ExternalFault.BadPort)]
    [InlineData("""{"identity":"7","port":0}""", ExternalFault.BadPort)]
    [InlineData("""{"identity":"7","port":65536}""", ExternalFault.BadPort)]
    [InlineData("""{"identity":"7","port":"1"}""", ExternalFault.BadPort)]
    [InlineData("""{"identity":"7","port":1,"queue_length":-1}""", ExternalFault.BadQueueLength)]
    [InlineData("""{"identity":"7","port":1,"queue_length":2147483648}""", ExternalFault.BadQueueLength)]
    [InlineData("""{"identity":"7","port":1,"status":"gone"}""", ExternalFault.BadStatus)]
    [InlineData("""{"identity":"7","port":1,"status":1}""", ExternalFault.BadStatus)]
    [InlineData("""{"identity":"7","port":1,"weight":1001}""", ExternalFault.BadWeight)]
    [InlineData("""{"identity":"7","port":1,"concurrency":0}""", ExternalFault.BadConcurrency)]
    [InlineData("""{"identity":"7","port":1,"concurrency":1025}""", ExternalFault.BadConcurrency)]
    [InlineData("""{"identity":"7","port":1,"port":1}""", ExternalFault.DuplicateMember)]
    public void An_invalid_report_is_refused_with_its_fault(string report, ExternalFault fault)
    {
        Assert.Equal(fault, ExternalReportParser.Parse(Encoding.UTF8.GetBytes(report), out var view));
        Assert.True(view.Identity.IsEmpty);
        Assert.True(ExternalFaults.Describe(fault).Length is > 0 and <= ResponseWriter.MaxError);
    }

    [Theory]
    [InlineData(60, ExternalFault.None)]
    [InlineData(61, ExternalFault.BadIdentity)]
    public void An_identity_has_at_most_60_characters(int length, ExternalFault fault) =>
        Assert.Equal(fault, ExternalReportParser.Parse(Encoding.UTF8.GetBytes($$"""{"identity":"{{new string('x', length)}}","port":1}"""), out _));

    [Fact]
    public void A_report_has_at_most_a_kilobyte()
    {
        var report = Encoding.UTF8.GetBytes("""{"identity":"7","port":1}""".PadRight(ExternalReportParser.MaxReport));
        Assert.Equal(ExternalFault.None, ExternalReportParser.Parse(report, out _));
        Assert.Equal(ExternalFault.TooLarge, ExternalReportParser.Parse([.. report, (byte)' '], out _));
    }

    [Fact]
    public void Random_bytes_are_judged_like_the_reference_does() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), AgreesWithTheReference).Check(Many);

    [Fact]
    public void Random_pieces_of_reports_are_judged_like_the_reference_does() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))).ToArbitrary(), AgreesWithTheReference).Check(Many);

    [Fact]
    public void Reading_a_valid_or_invalid_report_allocates_nothing()
    {
        Assert.Equal(0, Allocation.Of(Read));

        static void Read()
        {
            for (var i = 0; i < 1000; i++)
            {
                ExternalReportParser.Parse("""{"identity":"7","port":50007,"queue_length":3,"status":"ready","weight":1,"concurrency":2}"""u8, out _);
                ExternalReportParser.Parse("""{"identity":"7","port":50007,"queue_length":3,"sta"""u8, out _);
            }
        }
    }

    private static bool AgreesWithTheReference(byte[] bytes) =>
        ExternalReportParser.Parse(bytes, out _) == ExternalFault.None == (bytes.Length <= ExternalReportParser.MaxReport && IsReport(bytes));

    private static bool IsReport(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            var members = document.RootElement.EnumerateObject().ToList();
            var known = members.Where(member => member.Name is "identity" or "port" or "queue_length" or "status" or "weight" or "concurrency").ToList();
            return known.DistinctBy(member => member.Name).Count() == known.Count
                && known.Exists(member => member.Name == "identity" && member.Value.ValueKind != JsonValueKind.Null)
                && known.Exists(member => member.Name == "port" && member.Value.ValueKind != JsonValueKind.Null)
                && known.TrueForAll(member => member.Value.ValueKind == JsonValueKind.Null || IsAllowed(member.Name, member.Value));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsAllowed(string name, JsonElement value) => name switch
    {
        "identity" => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: >= 1 and <= 60 } text
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'),
        "status" => value.ValueKind == JsonValueKind.String && value.GetString() is "ready" or "draining" or "stopped",
        "port" => IsNumber(value, 1, 65_535),
        "queue_length" => IsNumber(value, 0, int.MaxValue),
        "weight" => IsNumber(value, 0, 1000),
        _ => IsNumber(value, 1, 1024),
    };

    private static bool IsNumber(JsonElement value, long least, long most) =>
        value.ValueKind == JsonValueKind.Number && value.GetRawText().IndexOfAny(['.', 'e', 'E']) < 0 && value.TryGetInt64(out var number) && number >= least && number <= most;
}
