META
key;value
description;Kiezkasse Musterkiez 2027
country;Germany
unit;Musterkiez
instance;2027
num_projects;9
num_votes;34
budget;4200
vote_type;approval
rule;greedy
date_begin;28.04.2027
date_end;28.04.2027
language;de
currency;EUR
comment;#1: Erfunden. Ein Stimmzettel steht für die erhobenen Hände einer Person in der Versammlung.
PROJECTS
project_id;cost;name;category
baum;850;Baumscheiben in der Lindenstraße bepflanzen;Grün
fest;600;Nachbarschaftsfest auf dem Schulhof;Begegnung
bank;740;Zwei Sitzbänke am Uferweg;Aufenthalt
chor;300;Noten für den Kiezchor;Kultur
buch;420;Offenes Bücherregal am Markt;Kultur
rad;980;Reparaturtag für Fahrräder mit Werkzeugkoffer;Mobilität
licht;1500;Lichterkette für den Spielplatz;Aufenthalt
sport;560;Bälle und Netze für den Bolzplatz;Sport
kino;650;Sommerkino im Innenhof, in der Versammlung vorgestellt;Kultur
VOTES
voter_id;vote
p01;baum,fest,bank,chor,buch,licht,kino
p02;baum,fest,bank,licht,sport,kino
p03;baum,fest,bank,buch,sport
p04;baum,fest,bank,chor,buch,rad,sport,kino
p05;baum,fest,bank,chor,buch,rad,licht,sport,kino
p06;baum,fest,bank,chor,buch,licht,kino
p07;baum,fest,bank,chor,buch,rad,sport,kino
p08;fest,bank,chor,buch
p09;baum,fest,chor,buch,rad,sport
p10;baum,fest,bank,rad,sport,kino
p11;baum,fest,bank,chor,buch,rad,sport,kino
p12;baum,fest,bank,chor,buch,rad
p13;baum,fest,chor,rad,licht,sport,kino
p14;baum,fest,bank,buch,sport
p15;baum,fest,chor,buch,kino
p16;baum,fest,bank,chor,buch,rad,kino
p17;fest,bank,buch,rad,sport,kino
p18;bank,buch,rad,sport
p19;baum,fest,bank,rad,sport,kino
p20;baum,fest,chor,buch,rad,sport
p21;baum,bank,buch,rad,sport
p22;fest,bank,buch,sport,kino
p23;baum,fest,bank,chor,buch,kino
p24;baum,fest,bank,chor,buch,rad,licht
p25;baum,fest,bank,chor,licht,kino
p26;baum,fest,bank
p27;baum,bank,chor,buch,rad,sport,kino
p28;baum,fest,chor,buch,rad,kino
p29;baum,fest,chor,buch,rad
p30;baum,fest,bank,chor,buch,rad,licht,sport,kino
p31;fest,chor,buch,rad,sport
p32;baum,fest,bank,chor,buch,rad,sport
p33;baum,fest,bank,chor,licht
p34;baum,fest,bank,chor,rad,sport,kino
