using FsCheck;
using FsCheck.Fluent;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

public class ContractProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(100);

    public static TheoryData<string> Names => Contracts.Names;

    [Fact]
    public void All_contracts_are_found() => Assert.InRange(Contracts.Types.Count, 15, 1000);

    [Theory, MemberData(nameof(Names))]
    public void What_is_written_is_read_back(string name)
    {
        var type = WireType.Of(Contracts.OfName(name));
        Prop.ForAll(Values(name), value => Described.Of(type.Read(type.Write(value))) == Described.Of(value)).Check(Many);
    }

    [Theory, MemberData(nameof(Names))]
    public void What_is_cut_off_is_refused(string name)
    {
        var type = WireType.Of(Contracts.OfName(name));
        Prop.ForAll(Values(name), Numbers(), (value, at) =>
        {
            var bytes = type.Write(value);
            return Outcome(type, bytes[..(at % bytes.Length)]) is WireFormatException;
        }).Check(Many);
    }

    [Theory, MemberData(nameof(Names))]
    public void Changed_bytes_are_refused_or_read_as_another_value(string name)
    {
        var type = WireType.Of(Contracts.OfName(name));
        Prop.ForAll(Values(name), Numbers(), (value, seed) => Outcome(type, Mutate(type.Write(value), new System.Random(seed))) is null or WireFormatException).Check(Many);
    }

    [Theory, MemberData(nameof(Names))]
    public void Noise_is_refused_or_read_as_a_value(string name)
    {
        var type = WireType.Of(Contracts.OfName(name));
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Outcome(type, bytes) is null or WireFormatException).Check(Many);
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Outcome(type, [(byte)(bytes.Length + 1), .. bytes]) is null or WireFormatException).Check(Many);
    }

    private static Exception? Outcome(WireType type, byte[] bytes) => Record.Exception(() => type.Read(bytes));

    private static Arbitrary<int> Numbers() => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    private static Arbitrary<object?> Values(string name) =>
        Numbers().Generator.Select(seed => RandomValues.Make(Contracts.OfName(name), new System.Random(seed))).ToArbitrary();

    private static byte[] Mutate(byte[] bytes, System.Random random)
    {
        List<byte> changed = [.. bytes];
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var value = (byte)(random.Next(3) switch { 0 => random.Next(256), 1 => 0xFF, _ => random.Next(8) });
            var at = random.Next(Math.Min(changed.Count, random.Next(2) == 0 ? 16 : int.MaxValue));
            switch (random.Next(3))
            {
                case 0:
                    changed[at] = value;
                    break;
                case 1:
                    changed.Insert(at, value);
                    break;
                default:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. changed];
    }
}
